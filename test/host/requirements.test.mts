import { assertSpace, canCompile, missingCompilers } from '../../host/requirements.mjs';

const reachable = async () => true;
const unreachable = async () => false;

it('names the tools that are missing', async () => {
	expect(await missingCompilers(async (tool) => tool !== 'make')).toEqual(['make']);
});

it('compiles where the tools are there, without looking for binaries', async () => {
	const asked: string[] = [];
	const compiles = await canCompile([], async (url) => asked.push(url) > 0);
	expect([compiles, asked]).toEqual([true, []]);
});

it('takes binaries where a tool is missing', async () => {
	expect(await canCompile(['g++'], reachable)).toBe(false);
});

it('says how to get the tools where there is no other way, on Debian and on macOS', async () => {
	const refusal = expect(canCompile(['python3', 'g++'], unreachable)).rejects;
	await refusal.toThrow(
		'python3, g++ are missing. On Debian and Ubuntu: sudo apt-get install -y python3 g++. On macOS: xcode-select --install',
	);
});

it('says where there is too little space, and how to choose another place', () => {
	expect(() => assertSpace('/small', 900, 4100)).toThrow(
		'n8n needs 4.1 GB in /small, where 0.9 GB are free. Make room, or name another folder in N8N_NODES_BITRIX24_CACHE',
	);
	expect(() => assertSpace('/large', 4100, 4100)).not.toThrow();
});
