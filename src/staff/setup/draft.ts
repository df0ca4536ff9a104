import { SETTINGS_LIMITS, type Settings, settingsSchema } from '@rounz/core/settings/settings.ts';

/** What staff have typed and chosen, before it is known to fit. */
export interface Draft {
  readonly language: Settings['language'];
  readonly inches: string;
  readonly lowerEdge: string;
  readonly camera: Settings['camera'];
  readonly shopName: string;
  readonly shopPlace: string;
  readonly opens: string;
  readonly closes: string;
  readonly operator: string;
  readonly officer: string;
  readonly contact: string;
  readonly retentionDays: string;
  readonly hub: string;
  readonly shopPage: string;
  readonly asking: Settings['asking']['kind'];
  readonly signsPosted: boolean;
  readonly strictness: Settings['strictness'];
  readonly passive: Settings['passive'];
}

export type DraftField = keyof Draft;

/** What is wrong with a field; each has its words. */
export type DraftProblem = 'missing' | 'too-long' | 'number' | 'time' | 'both-times' | 'address' | 'signs';
export type DraftProblems = Readonly<Partial<Record<DraftField, DraftProblem>>>;

/** The steps of the set-up, and which fields each of them asks for. */
export const SET_UP_STEPS = {
  screen: ['language', 'inches', 'lowerEdge'],
  camera: ['camera'],
  shop: [
    'shopName',
    'shopPlace',
    'opens',
    'closes',
    'operator',
    'officer',
    'contact',
    'retentionDays',
    'shopPage',
    'hub',
  ],
  asking: ['asking', 'signsPosted', 'strictness', 'passive'],
  test: [],
} as const satisfies Readonly<Record<string, readonly DraftField[]>>;
export type SetUpStep = keyof typeof SET_UP_STEPS;
export const setUpSteps = Object.keys(SET_UP_STEPS) as SetUpStep[];

const words = (value: number | null): string => (value === null ? '' : String(value));

export const draftOf = (settings: Settings): Draft => ({
  language: settings.language,
  inches: words(settings.screen.inches),
  lowerEdge: words(settings.screen.lowerEdge),
  camera: settings.camera,
  shopName: settings.shop.name,
  shopPlace: settings.shop.place,
  opens: settings.hours?.opens ?? '',
  closes: settings.hours?.closes ?? '',
  ...settings.privacy,
  retentionDays: words(settings.retentionDays),
  hub: settings.hub ?? '',
  shopPage: settings.shopPage ?? '',
  asking: settings.asking.kind,
  signsPosted: settings.asking.kind === 'signs',
  strictness: settings.strictness,
  passive: settings.passive,
});

const TIME = /^([01]?\d|2[0-3]):[0-5]\d$/;
/** `9:30` is `09:30`. */
const timeOf = (typed: string): string => typed.trim().padStart(5, '0');

/** A decimal number as people type it, with a point or a comma; NaN where it is none. */
const numberOf = (typed: string): number => {
  const clean = typed.trim().replace(',', '.');
  return /^\d+(\.\d+)?$/.test(clean) ? Number(clean) : Number.NaN;
};

const inRange = (value: number, { min, max }: { readonly min: number; readonly max: number }): boolean =>
  value >= min && value <= max;

const MUST: readonly DraftField[] = ['shopName', 'operator', 'officer', 'contact'];
const LINES: readonly DraftField[] = [...MUST, 'shopPlace'];

function lineProblem(field: DraftField, draft: Draft): DraftProblem | undefined {
  const typed = String(draft[field]).trim();
  if (MUST.includes(field) && typed === '') return 'missing';
  return typed.length > SETTINGS_LIMITS.line.max ? 'too-long' : undefined;
}

function timeProblem(typed: string, other: string): DraftProblem | undefined {
  if (typed.trim() === '') return other.trim() === '' ? undefined : 'both-times';
  return TIME.test(typed.trim()) ? undefined : 'time';
}

function addressProblem(field: 'hub' | 'shopPage', draft: Draft): DraftProblem | undefined {
  const typed = draft[field].trim();
  return typed === '' || settingsSchema.shape[field].safeParse(typed).success ? undefined : 'address';
}

/** Everything that is wrong, field by field; empty where the draft can be kept. */
export function problemsOf(draft: Draft): DraftProblems {
  const { inches, lowerEdge, retentionDays } = SETTINGS_LIMITS;
  const days = numberOf(draft.retentionDays);
  const found: readonly (readonly [DraftField, DraftProblem | false | undefined])[] = [
    ['inches', draft.inches.trim() !== '' && !inRange(numberOf(draft.inches), inches) && 'number'],
    ['lowerEdge', !inRange(numberOf(draft.lowerEdge), lowerEdge) && 'number'],
    ['retentionDays', !(Number.isInteger(days) && inRange(days, retentionDays)) && 'number'],
    ...LINES.map((field) => [field, lineProblem(field, draft)] as const),
    ['opens', timeProblem(draft.opens, draft.closes)],
    ['closes', timeProblem(draft.closes, draft.opens)],
    ['hub', addressProblem('hub', draft)],
    ['shopPage', addressProblem('shopPage', draft)],
    ['signsPosted', draft.asking === 'signs' && !draft.signsPosted && 'signs'],
  ];
  return Object.fromEntries(found.filter(([, problem]) => problem));
}

/** The problems of a step's own fields. */
export function problemsOfStep(step: SetUpStep, draft: Draft): DraftProblems {
  const fields: readonly DraftField[] = SET_UP_STEPS[step];
  return Object.fromEntries(
    Object.entries(problemsOf(draft)).filter(([field]) => fields.includes(field as DraftField)),
  );
}

/**
 * The settings that the draft asks for. Fields with a problem keep what was kept before.
 *
 * @param now ISO 8601, UTC: when staff confirmed that signs are posted, unless they had before
 */
export function settingsOf(draft: Draft, before: Settings, now: string): Settings {
  const wrong = problemsOf(draft);
  const old = draftOf(before);
  const fit: Draft = {
    ...draft,
    ...Object.fromEntries((Object.keys(wrong) as DraftField[]).map((field) => [field, old[field]])),
  };
  const { operator, officer, contact } = fit;
  const hoursFit = fit.opens.trim() !== '' && fit.closes.trim() !== '';
  return settingsSchema.parse({
    ...before,
    language: fit.language,
    screen: {
      inches: fit.inches.trim() === '' ? null : numberOf(fit.inches),
      lowerEdge: numberOf(fit.lowerEdge),
    },
    camera: fit.camera,
    shop: { name: fit.shopName, place: fit.shopPlace },
    hours: hoursFit ? { opens: timeOf(fit.opens), closes: timeOf(fit.closes) } : null,
    privacy: { operator, officer, contact },
    retentionDays: numberOf(fit.retentionDays),
    hub: fit.hub.trim() || null,
    shopPage: fit.shopPage.trim() || null,
    asking: askingOf(draft, before, now),
    strictness: fit.strictness,
    passive: fit.passive,
  } satisfies Settings);
}

/** A draft that changes one step's fields alone: another sheet may have been kept meanwhile. */
export function draftOfStep(step: SetUpStep, draft: Draft, kept: Settings): Draft {
  const fields: readonly DraftField[] = SET_UP_STEPS[step];
  return { ...draftOf(kept), ...Object.fromEntries(fields.map((field) => [field, draft[field]])) };
}

/** Not asking needs the word of staff that signs are posted. */
function askingOf({ asking, signsPosted }: Draft, before: Settings, now: string): Settings['asking'] {
  if (asking !== 'signs') return { kind: asking };
  if (before.asking.kind === 'signs') return before.asking;
  return signsPosted ? { kind: 'signs', confirmedAt: now } : before.asking;
}
