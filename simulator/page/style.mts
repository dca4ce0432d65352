/** The page's style sheet. */
export const STYLE = `
:root { color-scheme: light; --line: #dde3e8; --ink: #1b2733; --soft: #66727e; --accent: #1769c2 }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 64rem; padding: 0 1rem 3rem; color: var(--ink) }
header { background: #fff4d6; border-left: .4rem solid #e0a100; padding: .5rem 1rem; margin: 1rem 0 }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { color: var(--soft); font-weight: 600; white-space: nowrap }
code { font-size: 13px; white-space: pre-wrap; overflow-wrap: anywhere }
form p { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center }
button, .button { background: var(--accent); color: #fff; border: 0; border-radius: .3rem; padding: .35rem .9rem; font: inherit; cursor: pointer; text-decoration: none }
input[type=text], select { font: inherit; padding: .25rem .4rem; border: 1px solid var(--line); border-radius: .3rem }
input.wide { flex: 1; min-width: 20rem }
.muted { color: var(--soft) } .good { color: #1a7f37 } .bad { color: #b3261e }
`;
