import { element, escapeText } from './markup.ts';

/** Colours of the curves, light and dark, from Paul Tol's bright scheme, apart for colour-blind readers too. */
const COLOURS: readonly (readonly [light: string, dark: string])[] = [
  ['#2c6fbb', '#6ea8ee'],
  ['#d1583b', '#f08a6c'],
  ['#22805a', '#5cc296'],
  ['#9a4fb0', '#cf8be3'],
  ['#9a7b12', '#d9b64a'],
  ['#1f8fa3', '#5fc9dc'],
];

/** How many curves the page can tell apart. */
export const COLOUR_COUNT = COLOURS.length;

const variables = (theme: 0 | 1): string => COLOURS.map((pair, i) => `--c${i}:${pair[theme]}`).join(';');

const LIGHT = `--paper:#fbfaf8;--card:#ffffff;--ink:#1c1b19;--soft:#66625b;--line:#e4e0d8;--accent:#8a5a2b;${variables(0)}`;
const DARK = `--paper:#161513;--card:#1f1d1a;--ink:#ece8e1;--soft:#a39d92;--line:#37332d;--accent:#d9a66c;${variables(1)}`;

const STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:1120px;margin:0 auto;padding:40px 24px 80px}
header{border-bottom:1px solid var(--line);margin-bottom:28px;padding-bottom:20px}
.mark{letter-spacing:.22em;font-size:12px;font-weight:600;color:var(--accent);text-transform:uppercase;margin:0 0 8px}
h1{font-size:28px;line-height:1.25;margin:0 0 6px;font-weight:650;overflow-wrap:anywhere}
h2{font-size:20px;margin:44px 0 6px;font-weight:650}
h3{font-size:15px;margin:28px 0 8px;font-weight:650}
p{margin:4px 0 12px;max-width:76ch}
.soft,.lead{color:var(--soft)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px;margin:16px 0 20px;padding:0;list-style:none}
.tiles li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 14px}
.tiles b{display:block;font-size:22px;font-weight:650;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.tiles span{color:var(--soft);font-size:13px}
.grid-2{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));gap:16px}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 14px 10px;min-width:0}
figcaption{font-weight:600;font-size:14px;margin-bottom:6px}
svg{display:block;width:100%;height:auto;overflow:visible}
svg .grid{stroke:var(--line);stroke-width:1}
svg text{fill:var(--soft);font-size:11px;font-variant-numeric:tabular-nums}
svg .row{fill:var(--ink);font-size:12px}
svg .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
svg .thin{stroke-width:1.2}
svg .band,svg .fill{stroke:none;opacity:.18}
svg .diagonal{stroke:var(--soft);stroke-width:1;stroke-dasharray:3 4;fill:none}
svg .whisker{stroke-width:2;opacity:.55}
${COLOURS.map((_, i) => `.line.c${i},.whisker.c${i}{stroke:var(--c${i})}.band.c${i},.fill.c${i},.dot.c${i}{fill:var(--c${i})}.key.c${i}{background:var(--c${i})}`).join('\n')}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:8px 0 2px;padding:0;list-style:none;font-size:13px;color:var(--soft)}
.key{display:inline-block;width:14px;height:4px;border-radius:2px;margin-right:6px;vertical-align:middle}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:10px;margin:12px 0}
table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
th,td{padding:8px 12px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap;vertical-align:top}
tr:last-child td,tr:last-child th{border-bottom:0}
th{font-weight:600;color:var(--soft)}
th:first-child,td:first-child,td.text{text-align:left}
tbody th{color:var(--ink)}
td small{display:block;color:var(--soft);font-size:11.5px}
details{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 14px;margin:12px 0}
summary{cursor:pointer;font-weight:600}
pre{overflow-x:auto;font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,monospace;margin:10px 0 4px}
.pairs{display:grid;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));gap:12px;padding:0;margin:12px 0;list-style:none}
.pairs li{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px;font-size:12px;overflow-wrap:anywhere}
.pairs div{display:flex;gap:6px;margin-bottom:6px}
.pairs img{flex:1;min-width:0;width:50%;aspect-ratio:1;object-fit:cover;border-radius:6px;display:block}
@media print{body{background:#fff}figure,.scroll,.tiles li{break-inside:avoid}}
`;

/** Nothing may be fetched from anywhere, and nothing runs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A whole HTML document that needs no other file and no network; it follows the reader's light or dark theme. */
export const page = (title: string, lead: string, body: string): string =>
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeText(title)}</title>
<style>${STYLE}</style>
</head>
<body><main>
<header><p class="mark">Rounz</p><h1>${escapeText(title)}</h1><p class="lead">${escapeText(lead)}</p></header>
${body}
</main></body>
</html>
`;

export const section = (title: string, lead: string, body: string): string =>
  element('section', {}, `<h2>${escapeText(title)}</h2><p class="soft">${escapeText(lead)}</p>${body}`);

/** The main figures, one on each tile. */
export const tiles = (entries: readonly (readonly [title: string, value: string])[]): string =>
  element(
    'ul',
    { class: 'tiles' },
    entries
      .map(([title, value]) => `<li><b>${escapeText(value)}</b><span>${escapeText(title)}</span></li>`)
      .join(''),
  );

export const columns = (figures: readonly string[]): string =>
  element('div', { class: 'grid-2' }, figures.join(''));

/** @param rows cells of markup; the first of each row is its head */
export function htmlTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const headRow = head.map((text) => `<th scope="col">${escapeText(text)}</th>`).join('');
  const body = rows
    .map(
      ([first, ...cells]) =>
        `<tr><th scope="row">${first}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`,
    )
    .join('');
  return `<div class="scroll"><table><thead><tr>${headRow}</tr></thead><tbody>${body}</tbody></table></div>`;
}

export const folded = (title: string, text: string): string =>
  `<details><summary>${escapeText(title)}</summary><pre>${escapeText(text)}</pre></details>`;
