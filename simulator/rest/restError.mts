/** An answer of the kind `{"error", "error_description"}`. */
export class RestError extends Error {
	/**
	 * @param status HTTP status
	 * @param code `error`
	 * @param description `error_description`
	 */
	constructor(
		readonly status: number,
		readonly code: string,
		readonly description: string,
	) {
		super(`${code}: ${description}`);
	}

	get body(): { error: string; error_description: string } {
		return { error: this.code, error_description: this.description };
	}

	/** 400 `ERROR_ARGUMENT`: a parameter that the method cannot work with. */
	static argument(description: string): RestError {
		return new RestError(400, 'ERROR_ARGUMENT', description);
	}

	/** 400 `ERROR_ARGUMENT` for a parameter that is not there. */
	static missing(name: string): RestError {
		return RestError.argument(`Argument '${name}' is null or empty`);
	}

	/** 403 `ACCESS_DENIED`. */
	static denied(reason = ''): RestError {
		return new RestError(403, 'ACCESS_DENIED', `Access denied! ${reason}`.trimEnd());
	}

	/** 403 `WRONG_LICENSE`: the plan lacks a feature. */
	static license(feature: string): RestError {
		return new RestError(403, 'WRONG_LICENSE', `This feature is not enabled for the current license: ${feature}`);
	}
}
