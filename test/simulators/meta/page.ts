import { createHash } from "node:crypto";
import { escapeHtml, foreign } from "./escape";
import { STYLE } from "./page-style";
import type { DatasetTally, EventTally, RecentConversion, RecentRefusal, Summary, Tally } from "./summary";

/** Draws the board anew each second; what it inserts was escaped by renderBoard. */
const SCRIPT = `
const board = document.getElementById("board");
let shown = "";
async function refresh() {
  try {
    const summary = await (await fetch("/summary", { cache: "no-store" })).json();
    if (summary.board !== shown) board.innerHTML = shown = summary.board;
    document.body.dataset.state = "live";
  } catch {
    document.body.dataset.state = "lost";
  }
  setTimeout(refresh, 1000);
}
setTimeout(refresh, 1000);
`;

/** Two overlapping discs: two copies, one conversion. */
const MARK = `<svg viewBox="0 0 44 32" aria-hidden="true"><circle cx="16" cy="16" r="14" fill="#b4541a"/><circle cx="28" cy="16" r="14" fill="#1f6f6b"/><path d="M22 3.35a14 14 0 0 1 0 25.3 14 14 0 0 1 0-25.3" fill="#4b3f72"/></svg>`;

const ICON = `data:image/svg+xml,${encodeURIComponent(MARK.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))}`;

/** Only this page's own script and style may run, whatever a name on it tries. */
export const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": [
    "default-src 'none'",
    "connect-src 'self'",
    "img-src data:",
    `script-src ${hashSource(SCRIPT)}`,
    "style-src 'unsafe-inline'",
  ].join("; "),
};

/** The whole page, as it is first delivered. */
export function renderPage(summary: Summary): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Meta stand-in</title>
<link rel="icon" href="${ICON}">
<style>${STYLE}</style>
</head>
<body data-state="live">
<div class="frame">
<header>${MARK}<div class="name"><h1>Meta stand-in</h1><p>What Meta would have received. Nothing here leaves this machine.</p></div><span class="state" role="status"></span></header>
<main id="board">${renderBoard(summary)}</main>
</div>
<script>${SCRIPT}</script>
</body>
</html>`;
}

/** The part that changes. */
export function renderBoard({ total, datasets, recent, refusals }: Summary): string {
  const parts = [tiles(total), refused(refusals), ...datasets.map(dataset), conversions(recent)];
  return recent.length === 0 && refusals.length === 0 ? EMPTY : parts.join("");
}

const EMPTY = `<div class="sheet empty"><h2>No conversion yet</h2><p>Send one to <code>POST /v25.0/&lt;dataset&gt;/events</code> or <code>GET /tr</code>. It appears here within a second.</p></div>`;

function tiles(total: Tally): string {
  const tile = (kind: string, label: string, number: number, note: string) =>
    `<div class="tile ${kind}"><dt>${label}</dt><dd>${integer(number)}</dd><small>${note}</small></div>`;
  return `<dl class="tiles">${[
    tile("counted", "Conversions", total.counted, "counted once each"),
    tile("browser", "From browsers", total.browser, "copies through /tr"),
    tile("server", "From the server", total.server, "copies through /events"),
    tile("pair", "Deduplicated", total.deduplicated, `${share(total.deduplicated, total.counted)} of all conversions`),
  ].join("")}</dl>`;
}

function refused(refusals: readonly RecentRefusal[]): string {
  if (refusals.length === 0) return "";
  const lines = refusals.map(
    ({ at, status, events, reason, dataset }) =>
      `<li>${time(at)}<b>${status === 0 ? "no answer" : status}</b><span>${foreign(reason)} · ${plural(events, "event")} for ${foreign(dataset)}</span></li>`,
  );
  return `<section><h2>Recent trouble</h2><ul class="sheet refusals">${lines.join("")}</ul></section>`;
}

function dataset({ dataset, counted, tests, events }: DatasetTally): string {
  const uncounted = tests > 0 ? [`${plural(tests, "test")}, not counted`] : [];
  const note = [...(counted > 0 ? [plural(counted, "conversion")] : []), ...uncounted].join(" · ");
  const head = `<div class="head"><h2>Dataset <code>${foreign(dataset)}</code></h2><p>${note}</p></div>`;
  if (events.length === 0) return `<section>${head}</section>`;
  return `<section>${head}<div class="sheet"><table class="events">
<thead><tr><th scope="col">Event</th><th scope="col" class="n">Counted</th><th scope="col" class="n">Browser</th><th scope="col" class="n">Server</th><th scope="col" class="n">Deduplicated</th><th scope="col" class="n">Value</th></tr></thead>
<tbody>${events.map(event).join("")}</tbody></table></div></section>`;
}

function event(row: EventTally): string {
  const cell = (label: string, number: number) => `<td class="n" data-label="${label}">${integer(number)}</td>`;
  const sums = Object.entries(row.values).map(([currency, value]) => money(value, currency));
  return `<tr><td class="strong">${foreign(row.event_name)}${mix(row)}</td>${[
    cell("Counted", row.counted),
    cell("Browser", row.browser),
    cell("Server", row.server),
    cell("Deduplicated", row.deduplicated),
  ].join("")}<td class="n money">${sums.join("<br>")}</td></tr>`;
}

/** How the conversions of an event came in: browser alone, both, server alone. */
function mix({ counted, browser, server, deduplicated }: Tally): string {
  const part = (kind: string, number: number) => `<i class="${kind}" style="width:${(100 * number) / counted}%"></i>`;
  const parts = [
    part("browser", browser - deduplicated),
    part("pair", deduplicated),
    part("server", server - deduplicated),
  ];
  return `<span class="mix" aria-hidden="true">${parts.join("")}</span>`;
}

function conversions(recent: readonly RecentConversion[]): string {
  if (recent.length === 0) return "";
  return `<section><div class="head"><h2>Latest conversions</h2><p>times in UTC</p></div><div class="sheet"><table class="recent">
<thead><tr><th scope="col">Event</th><th scope="col">Received from</th><th scope="col">Dataset</th><th scope="col" class="n">Value</th><th scope="col" class="n">Time</th></tr></thead>
<tbody>${recent.map(conversion).join("")}</tbody></table></div></section>`;
}

function conversion({ event_name, event_id, legs, test, warnings, dataset, value, currency, at }: RecentConversion) {
  const chips = [
    ...legs.map((leg) => chip(leg, leg === "browser" ? "Browser" : "Server")),
    ...(legs.length > 1 ? [chip("pair", "deduplicated")] : []),
    ...(test ? [chip("test", "test")] : []),
  ];
  const id = `<span class="id">${event_id === null ? "no event id" : foreign(event_id)}</span>`;
  const cautions = warnings.map((warning) => `<span class="caution">${escapeHtml(warning)}</span>`);
  return `<tr><td class="strong">${foreign(event_name)}${id}${cautions.join("")}</td>
<td class="from"><span class="legs">${chips.join("")}</span></td><td class="dataset">${foreign(dataset)}</td>
<td class="n money">${value === null ? "" : money(value, currency ?? "")}</td><td class="n when">${time(at)}</td></tr>`;
}

function chip(kind: string, label: string): string {
  return `<span class="chip ${kind}">${label}</span>`;
}

function time(at: number): string {
  const iso = new Date(at).toISOString();
  return `<time datetime="${iso}" title="${iso}">${iso.slice(11, 19)}</time>`;
}

/** Browsers may send any currency, so a word that is none must not throw. */
function money(value: number, currency: string): string {
  if (!/^[A-Z]{3}$/.test(currency)) return `${value.toFixed(2)} ${foreign(currency)}`;
  const options = { style: "currency", currency, currencyDisplay: "code" } as const;
  return escapeHtml(new Intl.NumberFormat("en", options).format(value));
}

function integer(number: number): string {
  return number.toLocaleString("en");
}

function plural(number: number, noun: string): string {
  return `${integer(number)} ${noun}${number === 1 ? "" : "s"}`;
}

function share(part: number, whole: number): string {
  return whole === 0 ? "0 %" : `${Math.round((100 * part) / whole)} %`;
}

function hashSource(script: string): string {
  return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
}
