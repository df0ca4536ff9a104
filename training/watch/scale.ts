/** From a value of the data to a share of the axis, 0 at its start and 1 at its end; values beyond are clamped. */
export interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
}

export type ScaleSpec =
  | { readonly kind: 'linear'; readonly from: number; readonly to: number; readonly percent?: boolean }
  /** ticks at powers of ten; rates, or numbers of people */
  | { readonly kind: 'log'; readonly from: number; readonly to: number; readonly counts?: boolean }
  /** normal deviates: the axes of a DET plot (Martin et al. 1997), on which normal scores give a straight line */
  | { readonly kind: 'probit'; readonly from: number; readonly to: number };

const clamp = (share: number): number => Math.min(1, Math.max(0, share));

/** Distribution function of N(0, 1), by the Taylor series of erf; exact to 1e-12 within six deviations. */
export function normalCdf(x: number): number {
  const z = x / Math.SQRT2;
  let term = z;
  let sum = z;
  for (let n = 1; n < 200 && Math.abs(term) > 1e-17; n++) {
    term *= (-z * z) / n;
    sum += term / (2 * n + 1);
  }
  return 0.5 + sum / Math.sqrt(Math.PI);
}

/** Inverse of `normalCdf`, by bisection; rates beyond 1e-7 and 1 - 1e-7 are taken as these. */
export function probit(rate: number): number {
  const wanted = Math.min(1 - 1e-7, Math.max(1e-7, rate));
  let [low, high] = [-6, 6];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Round numbers that part the range into about `count` steps: 1, 2 or 5 times a power of ten. */
export function niceTicks(from: number, to: number, count: number): number[] {
  const rough = (to - from) / count;
  if (!(rough > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // Multiples of the step, not its sums: the sums' rounding would show.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

const RATE_TICKS = [0.0001, 0.001, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99];

/** `0.1 %`, `20 %` */
export const percent = (rate: number): string => `${Number((rate * 100).toPrecision(3))} %`;

/** `1.2k`, `3M`, `0.05` */
export function compact(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  if (size > 0 && size < 1e-3) return value.toExponential(1).replace('e-', 'e−');
  return String(Number(value.toPrecision(3)));
}

/** @throws RangeError where a logarithmic or normal axis has an end outside its domain */
export function scaleOf(spec: ScaleSpec): Scale {
  const { from, to } = spec;
  if (spec.kind === 'linear') {
    const format = spec.percent ? percent : compact;
    return {
      place: (value) => clamp((value - from) / (to - from || 1)),
      ticks: niceTicks(from, to, 5),
      format,
    };
  }
  if (!(from > 0) || (spec.kind === 'probit' && !(to < 1)))
    throw new RangeError(`A ${spec.kind} axis cannot reach from ${from} to ${to}.`);
  const warp = spec.kind === 'log' ? Math.log10 : probit;
  const [low, high] = [warp(from), warp(to)];
  const ticks =
    spec.kind === 'log'
      ? niceTicks(Math.ceil(low - 1e-9), Math.floor(high + 1e-9), 20).map((power) =>
          Number(`1e${Math.round(power)}`),
        )
      : RATE_TICKS.filter((rate) => rate >= from && rate <= to);
  return {
    place: (value) => clamp((warp(Math.max(value, from * 1e-3)) - low) / (high - low)),
    ticks: [...new Set(ticks)],
    format: spec.kind === 'log' && spec.counts ? compact : percent,
  };
}
