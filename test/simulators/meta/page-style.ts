/** The page's style sheet: light and dark, from 320 px up. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f4ef; --sheet: #fffdf9; --ink: #23211c; --soft: #6d675b; --line: #e4dfd3; --wash: #efebe1;
  --browser: #b4541a; --browser-wash: #fbe9dc; --server: #1f6f6b; --server-wash: #dcefed;
  --pair: #4b3f72; --pair-wash: #e8e3f4; --alarm: #a3262a; --caution: #7a5c00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #191814; --sheet: #22201b; --ink: #f1ede3; --soft: #a8a193; --line: #38352d; --wash: #2c2a23;
    --browser: #f0a06b; --browser-wash: #43291a; --server: #74c6c0; --server-wash: #17383a;
    --pair: #bfb0ee; --pair-wash: #342c4c; --alarm: #f19a94; --caution: #dcbf6a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
.frame { max-width: 1120px; margin: 0 auto; padding: 28px 24px 64px; }
header { display: flex; align-items: center; gap: 14px; margin-bottom: 24px; }
header svg { flex: none; width: 44px; height: 32px; }
header .name { flex: 1; min-width: 0; }
h1 { margin: 0; font-size: 20px; line-height: 1.25; letter-spacing: -.01em; }
header p { margin: 2px 0 0; color: var(--soft); font-size: 13px; line-height: 1.4; }
.state { flex: none; display: flex; align-items: center; gap: 7px; color: var(--soft); font-size: 13px; }
.state::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--server); }
.state::after { content: "Live"; }
[data-state=lost] .state { color: var(--alarm); }
[data-state=lost] .state::before { background: var(--alarm); }
[data-state=lost] .state::after { content: "Stopped"; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin: 0 0 28px; }
.tile { background: var(--sheet); border: 1px solid var(--line); border-radius: 12px; padding: 14px 16px; }
.tile dt { color: var(--soft); font-size: 13px; }
.tile dd { margin: 2px 0 0; font-size: 28px; line-height: 1.15; font-weight: 600; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.tile small { display: block; margin-top: 4px; color: var(--soft); font-size: 12px; line-height: 1.35; }
.tile.browser dd { color: var(--browser); } .tile.server dd { color: var(--server); } .tile.pair dd { color: var(--pair); }
h2 { margin: 0 0 10px; font-size: 15px; letter-spacing: -.005em; }
h2 code { font: inherit; font-variant-numeric: tabular-nums; }
section { margin-bottom: 28px; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 10px; }
.head p { margin: 0 0 10px; color: var(--soft); font-size: 13px; }
.sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
table { width: 100%; border-collapse: collapse; }
th { padding: 9px 16px; background: var(--wash); color: var(--soft); font-size: 12px; font-weight: 500; text-align: left; white-space: nowrap; }
td { padding: 10px 16px; border-top: 1px solid var(--line); vertical-align: top; }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.strong { font-weight: 600; overflow-wrap: anywhere; }
@media (min-width: 761px) {
  .events { table-layout: fixed; }
  .events th { width: 13%; } .events th:first-child { width: auto; } .events th:last-child { width: 20%; }
  .recent .legs { flex-wrap: nowrap; }
}
.mix { display: flex; width: 100%; max-width: 180px; height: 5px; margin-top: 7px; border-radius: 3px; overflow: hidden; background: var(--wash); }
.mix i { display: block; height: 100%; }
.mix .browser { background: var(--browser); } .mix .server { background: var(--server); } .mix .pair { background: var(--pair); }
.legs { display: flex; flex-wrap: wrap; gap: 4px; }
.chip { padding: 1px 8px; border-radius: 999px; background: var(--wash); color: var(--soft); font-size: 12px; line-height: 1.6; white-space: nowrap; }
.chip.browser { background: var(--browser-wash); color: var(--browser); }
.chip.server { background: var(--server-wash); color: var(--server); }
.chip.pair { background: var(--pair-wash); color: var(--pair); }
.id { display: block; color: var(--soft); font: 12px/1.5 ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; font-weight: 400; overflow-wrap: anywhere; }
.caution { display: block; margin-top: 2px; color: var(--caution); font-size: 12px; font-weight: 400; }
time { color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; }
.refusals { margin: 0; padding: 0; list-style: none; border-color: var(--alarm); }
.refusals li { display: grid; grid-template-columns: auto auto 1fr; gap: 0 12px; padding: 9px 16px; font-size: 13px; }
.refusals li + li { border-top: 1px solid var(--line); }
.refusals b { color: var(--alarm); font-weight: 600; }
.refusals span { overflow-wrap: anywhere; }
.empty { padding: 56px 24px; text-align: center; }
.empty h2 { font-size: 18px; }
.empty p { max-width: 46ch; margin: 0 auto; color: var(--soft); }
.empty code { color: var(--ink); font: 13px ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
@media (max-width: 760px) {
  .frame { padding: 20px 14px 40px; }
  header { align-items: flex-start; }
  .tiles { grid-template-columns: repeat(2, 1fr); gap: 10px; margin-bottom: 24px; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { display: grid; padding: 12px 14px; }
  tbody tr + tr { border-top: 1px solid var(--line); }
  td, td.n { display: block; padding: 0; border: 0; text-align: left; white-space: normal; }
  .mix { max-width: none; }
  .events tr { grid-template-columns: repeat(4, 1fr); gap: 8px; }
  .events td.strong, .events td.money { grid-column: 1 / -1; }
  .events td[data-label]::before { content: attr(data-label); display: block; color: var(--soft); font-size: 11px; line-height: 1.3; }
  .events td.money:empty { display: none; }
  .recent tr { grid-template-columns: 1fr auto; gap: 4px 12px; }
  .recent td.strong { grid-column: 1; grid-row: 1; }
  .recent td.money { grid-column: 2; grid-row: 1; text-align: right; white-space: nowrap; }
  .recent td.from { grid-column: 1; grid-row: 2; }
  .recent td.when { grid-column: 2; grid-row: 2; text-align: right; }
  .recent td.dataset { display: none; }
  .refusals li { grid-template-columns: auto 1fr; }
  .refusals span { grid-column: 1 / -1; }
}
`;
