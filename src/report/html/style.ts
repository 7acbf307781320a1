/** The page's style: light and dark by the reader's choice, readable without it, no font or picture from elsewhere. */
export const pageStyle = `
:root { color-scheme: light dark; --text: #1c2024; --soft: #5b6570; --line: #d8dde3; --back: #fff; --card: #f6f8fa; --good: #17693a; --bad: #b3261e; --warn: #7a5200; --link: #0b57d0; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ec; --soft: #a3adb8; --line: #3a424b; --back: #14171a; --card: #1d2125; --good: #6fce91; --bad: #ff8a80; --warn: #f0c064; --link: #8ab4f8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 68rem; color: var(--text); background: var(--back); font: 1rem/1.55 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; } h3 { font-size: 1.05rem; margin: 1.2rem 0 .3rem; }
a { color: var(--link); } :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.soft { color: var(--soft); } .skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
table { border-collapse: collapse; width: 100%; } tbody th { overflow-wrap: anywhere; min-width: 10rem; font-weight: 400; } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.scroll { overflow-x: auto; }
pre { margin: .3rem 0; padding: .6rem .8rem; overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; font: .875rem/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.status { font-weight: 600; white-space: nowrap; } .status.passed { color: var(--good); } .status.failed, .status.timeout, .status.missing { color: var(--bad); } .status.errored, .status.unreadable, .status.skipped { color: var(--warn); }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .6rem 0; padding: 0 1rem; } summary { cursor: pointer; padding: .6rem 0; } details[open] > summary { border-bottom: 1px solid var(--line); }
.check { border-left: 4px solid var(--line); padding: .1rem 0 .1rem .9rem; margin: .9rem 0; } .check.failed, .check.timeout { border-color: var(--bad); } .check.errored { border-color: var(--warn); }
.untrusted::before { content: "from the submission"; display: block; font: .75rem system-ui, sans-serif; color: var(--warn); }
label { font-weight: 600; } input { font: inherit; padding: .35rem .6rem; width: min(26rem, 100%); border: 1px solid var(--soft); border-radius: .4rem; color: inherit; background: var(--back); }
.wire td { font: .8125rem/1.4 ui-monospace, monospace; padding: .15rem .5rem; overflow-wrap: anywhere; } .wire svg { display: block; width: 8rem; height: .8rem; } .wire rect { fill: var(--link); }
@media print { details { break-inside: avoid; } .find { display: none; } }
`;

/** Hides the students whose text does not hold what is typed, and says how many are left. */
export const pageScript = `
const box = document.querySelector('#find'), told = document.querySelector('#found'), all = [...document.querySelectorAll('[data-student]')];
box?.addEventListener('input', () => {
  const wanted = box.value.trim().toLowerCase();
  let count = 0;
  for (const one of all) { one.hidden = wanted !== '' && !one.textContent.toLowerCase().includes(wanted); if (!one.hidden) count++; }
  told.textContent = wanted === '' ? '' : count + ' of ' + all.length + ' shown';
});
const open = () => { const one = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1))); if (one instanceof HTMLDetailsElement) one.open = true; };
addEventListener('hashchange', open); open();
`;
