import { CATALOGUE_LIMITS, type CatalogueFrame, COLOURS, catalogueSchema, SHAPES } from './catalogue.ts';

/** Something that keeps a catalogue from being used. */
export interface CatalogueFault {
  /** keys and indices from the file's root, `['frames', 3, 'price']` */
  readonly path: readonly (string | number)[];
  /** the place in words: `frame 4 (namsan-aviator), price` */
  readonly place: string;
  /** what is there, and what to write instead */
  readonly problem: string;
}

export type CheckedCatalogue =
  | { readonly ok: true; readonly frames: readonly CatalogueFrame[] }
  | { readonly ok: false; readonly faults: readonly CatalogueFault[] };

const { frames, words, width } = CATALOGUE_LIMITS;
const LINE = `words in double quotes, ${words.min} to ${words.max} characters`;
const BOTH = '{"ko": "...", "en": "..."}';

/** What belongs into each field. */
const WANTED: Readonly<Record<string, string>> = {
  format: '1',
  frames: `a list of ${frames.min} to ${frames.max} frames in square brackets`,
  id: 'an article number of 2 to 40 small letters, digits and hyphens, like "hangang-round"',
  name: `${BOTH} with the name in both languages`,
  detail: `${BOTH} with material and colour in both languages`,
  ko: `${LINE}, in Korean`,
  en: `${LINE}, in English`,
  kind: '"optical" or "sun"',
  price: `a whole number of Korean won above 0, without quotes and commas, like 129000`,
  picture:
    'the name of an .svg, .webp or .png file beside catalogue.json, small letters, digits and hyphens, like "hangang-round.svg"',
  shape: `one of ${SHAPES.map((one) => `"${one}"`).join(', ')}; leave it out where none fits`,
  colour: `one of ${COLOURS.map((one) => `"${one}"`).join(', ')}; leave it out where none fits`,
  width: `the width of the front in millimetres, ${width.min} to ${width.max}, without quotes, like 138`,
};

/** What a whole frame or file has to be. */
const A_FRAME = 'a frame in curly brackets with id, name, detail, kind, price and picture';
const A_FILE = 'a file {"format": 1, "frames": [...]}';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const at = (value: unknown, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | null)?.[key], value);

/** `frame 4 (namsan-aviator), name, en`. Frames are counted from 1, as people do. */
export function placeOf(path: readonly (string | number)[], file: unknown): string {
  const [first, index, ...fields] = path;
  if (first !== 'frames' || typeof index !== 'number') return path.join(', ') || 'the file';
  const frame = at(file, ['frames', index]);
  const id = isRecord(frame) && typeof frame['id'] === 'string' ? ` (${frame['id'].slice(0, 40)})` : '';
  return [`frame ${index + 1}${id}`, ...fields].join(', ');
}

function wantedAt(path: readonly (string | number)[]): string {
  const last = path.at(-1);
  if (last === undefined) return A_FILE;
  return typeof last === 'number' ? A_FRAME : (WANTED[last] ?? 'something else');
}

/** What stands there, short enough for a line. */
function foundAt(value: unknown): string {
  if (value === undefined) return 'is missing';
  const text = JSON.stringify(value);
  return `is ${text.length > 60 ? `${text.slice(0, 57)}...` : text}`;
}

/**
 * Holds a parsed `catalogue.json` against the schema, as the kiosk does and as the check command does.
 *
 * @param file anything that JSON can hold
 */
export function checkCatalogue(file: unknown): CheckedCatalogue {
  const parsed = catalogueSchema.safeParse(file);
  if (parsed.success) return { ok: true, frames: parsed.data.frames };
  const faults = parsed.error.issues.map(({ path, message, code }): CatalogueFault => {
    const keys = path.filter((key) => typeof key !== 'symbol');
    const problem =
      code === 'custom'
        ? `${foundAt(at(file, keys))}, and ${message}. Give each frame a number of its own.`
        : `${foundAt(at(file, keys))}. Write ${wantedAt(keys)}.`;
    return { path: keys, place: placeOf(keys, file), problem };
  });
  return { ok: false, faults };
}

/** A fault in one line. */
export const faultLine = ({ place, problem }: CatalogueFault): string => `${place} ${problem}`;
