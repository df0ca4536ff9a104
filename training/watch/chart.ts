import { element, escapeText, px } from './markup.ts';
import { type Scale, type ScaleSpec, scaleOf } from './scale.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** lower and upper edge at each point, drawn as a band behind the line */
  readonly band?: readonly { readonly x: number; readonly low: number; readonly high: number }[];
  /** which of the page's colours, from 0 */
  readonly colour: number;
}

export interface Chart {
  readonly title: string;
  /** spoken by a screen reader in place of the drawing */
  readonly description: string;
  readonly x: ScaleSpec & { readonly label: string };
  readonly y: ScaleSpec & { readonly label: string };
  readonly series: readonly Series[];
  /** a thin diagonal where both rates are equal */
  readonly diagonal?: boolean;
  /** as high as wide, for rates against rates */
  readonly square?: boolean;
}

/** Drawing units; the page scales them. */
export const FRAME = { width: 460, height: 280, left: 58, right: 14, top: 12, bottom: 44 } as const;

interface Plot {
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly atX: (value: number) => number;
  readonly atY: (value: number) => number;
}

function plotOf({ x, y, square }: Pick<Chart, 'x' | 'y' | 'square'>): Plot {
  const [xScale, yScale] = [scaleOf(x), scaleOf(y)];
  const { width, left, right, top, bottom } = FRAME;
  const innerWidth = width - left - right;
  const height = square ? innerWidth * 0.86 + top + bottom : FRAME.height;
  return {
    width,
    height,
    x: xScale,
    y: yScale,
    atX: (value) => left + xScale.place(value) * innerWidth,
    atY: (value) => height - bottom - yScale.place(value) * (height - top - bottom),
  };
}

/** Grid, ticks and axis titles. */
function axes({ width, height, x, y, atX, atY }: Plot, labels: { x: string; y: string }): string {
  const { left, right, top, bottom } = FRAME;
  const floor = height - bottom;
  const vertical = x.ticks.map((tick) => {
    const at = px(atX(tick));
    const line = element('line', { class: 'grid', x1: at, x2: at, y1: top, y2: px(floor) });
    return (
      line +
      element(
        'text',
        { class: 'tick', x: at, y: px(floor + 16), 'text-anchor': 'middle' },
        escapeText(x.format(tick)),
      )
    );
  });
  const horizontal = y.ticks.map((tick) => {
    const at = px(atY(tick));
    const line = element('line', { class: 'grid', x1: left, x2: width - right, y1: at, y2: at });
    const text = { class: 'tick', x: left - 7, y: px(atY(tick) + 3.5), 'text-anchor': 'end' };
    return line + element('text', text, escapeText(y.format(tick)));
  });
  const middle = (top + floor) / 2;
  return [
    ...vertical,
    ...horizontal,
    element(
      'text',
      { class: 'axis', x: (left + width - right) / 2, y: px(height - 8), 'text-anchor': 'middle' },
      escapeText(labels.x),
    ),
    element(
      'text',
      { class: 'axis', transform: `translate(13 ${px(middle)}) rotate(-90)`, 'text-anchor': 'middle' },
      escapeText(labels.y),
    ),
  ].join('');
}

const path = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');

function drawSeries({ points, band, colour, name }: Series, { atX, atY }: Plot): string {
  const at = ({ x, y }: Point): [number, number] => [atX(x), atY(y)];
  const area = band?.length
    ? element('path', {
        class: `band c${colour}`,
        d: `${path([
          ...band.map(({ x, high }): [number, number] => [atX(x), atY(high)]),
          ...[...band].reverse().map(({ x, low }): [number, number] => [atX(x), atY(low)]),
        ])}Z`,
      })
    : '';
  const title = element('title', {}, escapeText(name));
  const line =
    points.length === 1
      ? element(
          'circle',
          { class: `dot c${colour}`, cx: px(at(points[0]!)[0]), cy: px(at(points[0]!)[1]), r: 3 },
          title,
        )
      : element('path', { class: `line c${colour}`, d: path(points.map(at)) }, title);
  return area + line;
}

function legend(series: readonly Series[]): string {
  if (series.length < 2) return '';
  const items = series.map(({ name, colour }) =>
    element('li', {}, `${element('span', { class: `key c${colour}` })}${escapeText(name)}`),
  );
  return element('ul', { class: 'legend' }, items.join(''));
}

/** The drawing in its frame with its title and legend. */
export const figure = (
  { title, description }: Pick<Chart, 'title' | 'description'>,
  { width, height }: { width: number; height: number },
  drawing: string,
  foot = '',
): string =>
  element(
    'figure',
    {},
    element('figcaption', {}, escapeText(title)) +
      element(
        'svg',
        { viewBox: `0 0 ${width} ${px(height)}`, role: 'img', 'aria-label': description },
        drawing,
      ) +
      foot,
  );

/** Curves over two axes, as an HTML figure with inline SVG. */
export function lineChart(chart: Chart): string {
  const plot = plotOf(chart);
  const { from, to } = chart.x;
  const diagonal = chart.diagonal
    ? element('path', {
        class: 'diagonal',
        d: path([
          [plot.atX(from), plot.atY(from)],
          [plot.atX(to), plot.atY(to)],
        ]),
      })
    : '';
  const drawing =
    axes(plot, { x: chart.x.label, y: chart.y.label }) +
    diagonal +
    chart.series.map((one) => drawSeries(one, plot)).join('');
  return figure(chart, plot, drawing, legend(chart.series));
}

export interface Bars {
  readonly title: string;
  readonly description: string;
  readonly label: string;
  readonly from: number;
  readonly to: number;
  /** height of each bar, any unit; every list is scaled to a total of 1 */
  readonly series: readonly {
    readonly name: string;
    readonly counts: readonly number[];
    readonly colour: number;
  }[];
}

/** Histograms over each other, each scaled to the same area: there are many more impostor than genuine scores. */
export function histogramChart({ title, description, label, from, to, series }: Bars): string {
  const shares = series.map(({ counts }) => {
    const total = counts.reduce((sum, count) => sum + count, 0) || 1;
    return counts.map((count) => count / total);
  });
  const highest = Math.max(...shares.flat(), 1e-9);
  const plot = plotOf({
    x: { kind: 'linear', from, to, label } as Chart['x'],
    y: { kind: 'linear', from: 0, to: highest * 1.05, label: '' } as Chart['y'],
  });
  const floor = plot.height - FRAME.bottom;
  const shapes = series.map(({ name, colour }, i) => {
    const bars = shares[i]!;
    const width = (to - from) / bars.length;
    const steps = bars.flatMap((share, bar): [number, number][] => [
      [plot.atX(from + bar * width), plot.atY(share)],
      [plot.atX(from + (bar + 1) * width), plot.atY(share)],
    ]);
    const outline = path([[plot.atX(from), floor], ...steps, [plot.atX(to), floor]]);
    return (
      element('path', { class: `fill c${colour}`, d: `${outline}Z` }) +
      element('path', { class: `line thin c${colour}`, d: outline }, element('title', {}, escapeText(name)))
    );
  });
  const named = series.map(({ name, colour }) => ({ name, colour, points: [] }));
  const frame = axes(
    { ...plot, y: { ...plot.y, format: (value) => `${(value * 100).toFixed(0)} %` } },
    { x: label, y: 'share of its kind' },
  );
  return figure({ title, description }, plot, frame + shapes.join(''), legend(named));
}

export interface IntervalRow {
  readonly name: string;
  readonly values: readonly { readonly value: number; readonly low?: number; readonly high?: number }[];
}

/** Rates from 0 to 1 with their intervals: a row a group, a colour a figure. */
export function intervalChart(title: string, names: readonly string[], rows: readonly IntervalRow[]): string {
  const { width, right } = FRAME;
  const [left, rowHeight] = [136, 14 * names.length + 12];
  const height = rows.length * rowHeight + 38;
  const at = (rate: number) => left + Math.min(1, Math.max(0, rate)) * (width - left - right);
  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].map((tick) => {
    const x = px(at(tick));
    return (
      element('line', { class: 'grid', x1: x, x2: x, y1: 6, y2: height - 26 }) +
      element('text', { class: 'tick', x, y: height - 9, 'text-anchor': 'middle' }, tick.toFixed(1))
    );
  });
  const marks = rows.map(({ name, values }, row) => {
    const top = 10 + row * rowHeight;
    const label = { class: 'row', x: left - 10, y: px(top + (rowHeight - 12) / 2 + 4), 'text-anchor': 'end' };
    const dots = values.map(({ value, low, high }, i) => {
      const y = px(top + 7 + 14 * i);
      const whisker =
        low === undefined || high === undefined
          ? ''
          : element('line', { class: `whisker c${i}`, x1: px(at(low)), x2: px(at(high)), y1: y, y2: y });
      const title = element('title', {}, escapeText(`${name}, ${names[i]}: ${value.toFixed(3)}`));
      return whisker + element('circle', { class: `dot c${i}`, cx: px(at(value)), cy: y, r: 4 }, title);
    });
    return element('text', label, escapeText(name)) + dots.join('');
  });
  const named = names.map((name, colour) => ({ name, colour, points: [] }));
  const description = rows
    .map(
      ({ name, values }) =>
        `${name}: ${values.map(({ value }, i) => `${names[i]} ${value.toFixed(3)}`).join(', ')}`,
    )
    .join('; ');
  return figure({ title, description }, { width, height }, grid.join('') + marks.join(''), legend(named));
}
