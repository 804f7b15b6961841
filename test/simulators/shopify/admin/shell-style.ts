/** The admin's style sheet: from 320 px up, the navigation behind a button below 768 px. */
export const SHELL_STYLE = `
:root {
  --bar: #1a1a1a; --ground: #f1f1f1; --side: #ebebeb; --ink: #303030; --soft: #616161; --line: #dcdcdc; --hover: #dfdfdf;
  --top: 56px; --aside: 240px;
}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; overflow: hidden; }
body {
  display: grid; grid-template: var(--top) 1fr / var(--aside) 1fr; background: var(--bar); color: var(--ink);
  font: 13px/20px Inter, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
}
svg { flex: none; display: block; }
a { color: inherit; }
:focus-visible { outline: 2px solid #005bd3; outline-offset: 1px; }
.top { grid-column: 1 / -1; display: flex; align-items: center; gap: 12px; padding: 0 16px; color: #fff; min-width: 0; }
.brand { display: flex; align-items: center; gap: 8px; font-size: 15px; font-weight: 650; text-decoration: none; letter-spacing: -.01em; }
.brand small { padding: 0 6px; border-radius: 6px; background: #303030; color: #b5b5b5; font-size: 11px; font-weight: 500; line-height: 18px; letter-spacing: 0; }
.burger { display: none; align-items: center; justify-content: center; width: 36px; height: 36px; margin-left: -6px; padding: 0; border: 0; border-radius: 8px; background: none; color: inherit; cursor: pointer; }
.burger:hover { background: #303030; }
.shop { display: flex; align-items: center; gap: 8px; min-width: 0; margin-left: auto; padding: 4px 4px 4px 12px; border-radius: 10px; background: #303030; }
.shop-name { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; font-weight: 550; }
.avatar { flex: none; display: grid; place-items: center; width: 28px; height: 28px; border-radius: 7px; background: #f0a06b; color: #3a1e0a; font-size: 11px; font-weight: 700; text-transform: uppercase; }
nav { display: flex; flex-direction: column; min-height: 0; overflow-y: auto; padding: 12px 10px; border-radius: 12px 0 0 0; background: var(--side); }
nav ul { margin: 0 0 14px; padding: 0; list-style: none; }
nav li a { display: flex; align-items: center; gap: 8px; padding: 5px 8px; border-radius: 8px; font-weight: 550; text-decoration: none; }
nav li a:hover { background: var(--hover); }
nav li a[aria-current] { background: #fafafa; font-weight: 650; }
nav li.sub a { padding-left: 36px; color: var(--soft); }
nav li.sub a[aria-current] { color: var(--ink); }
nav .heading { margin: 6px 8px 4px; color: var(--soft); font-weight: 550; font-size: 12px; }
nav .note { margin: auto 8px 0; padding-top: 16px; color: var(--soft); font-size: 12px; line-height: 17px; overflow-wrap: anywhere; }
main { position: relative; display: flex; flex-direction: column; min-width: 0; min-height: 0; overflow: hidden; border-radius: 0 12px 0 0; background: var(--ground); }
.app-bar { flex: none; display: flex; align-items: center; gap: 8px; height: 52px; padding: 0 16px; border-bottom: 1px solid var(--line); background: #fff; }
.app-bar strong { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; font-weight: 600; }
iframe#app { flex: 1; display: block; width: 100%; min-height: 0; border: 0; background: var(--ground); }
.elsewhere { display: grid; place-items: center; flex: 1; padding: 24px; }
.card { max-width: 420px; padding: 24px; border-radius: 12px; background: #fff; box-shadow: 0 1px 0 #0000000d, 0 0 0 1px #00000012; text-align: center; }
.card h1 { margin: 0 0 6px; font-size: 16px; line-height: 24px; }
.card p { margin: 0 0 12px; color: var(--soft); } .card p:last-child { margin: 0; }
.button { display: inline-block; padding: 6px 12px; border-radius: 8px; background: #303030; color: #fff; font-weight: 600; text-decoration: none; }
.loading { position: fixed; z-index: 5; top: 0; left: 0; width: 100%; height: 3px; overflow: hidden; }
.loading::before { content: ""; position: absolute; inset: 0 60% 0 0; border-radius: 2px; background: #47c1bf; animation: run 1.1s ease-in-out infinite alternate; }
@keyframes run { to { transform: translateX(150%); } }
.shade { position: fixed; z-index: 2; inset: var(--top) 0 0; background: #00000080; }
[hidden] { display: none !important; }
@media (max-width: 767px) {
  body { grid-template-columns: 1fr; }
  .burger { display: flex; }
  .brand small { display: none; }
  main { grid-column: 1; border-radius: 12px 12px 0 0; }
  nav { position: fixed; z-index: 3; top: var(--top); bottom: 0; left: 0; width: min(280px, 85vw); border-radius: 0 12px 0 0; visibility: hidden; transform: translateX(-100%); transition: transform .18s ease, visibility .18s; }
  nav.open { visibility: visible; transform: none; }
  nav li a { padding-top: 8px; padding-bottom: 8px; }
}
@media (prefers-reduced-motion: reduce) { *, ::before { transition: none !important; animation-duration: 3s !important; } }
`;
