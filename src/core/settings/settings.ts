import { z } from 'zod';
import { PEOPLE, type Range } from '../people/limits.ts';

z.config({ jitless: true });

/** What the set-up may hold. Screens, address and storage take every limit from here. */
export const SETTINGS_LIMITS = {
  /** diagonal of the screen, inches */
  inches: { min: 7, max: 100 },
  /** from the floor to the screen's lower edge, centimetres */
  lowerEdge: { min: 0, max: 200 },
  /** days for which a consent holds */
  retentionDays: { min: 30, max: PEOPLE.retentionDays },
  /** characters of a line of text: a name, a place, an address */
  line: { min: 0, max: 120 },
  /** characters of the address of the shop's own page: article numbers have to fit behind it into a QR code */
  shopPage: { min: 0, max: 200 },
} as const satisfies Readonly<Record<string, Range>>;

const { inches, lowerEdge, retentionDays, line, shopPage } = SETTINGS_LIMITS;

const text = z.string().trim().max(line.max);
/** An address without a name and a password in it: it is drawn for everybody to read. */
const isPublic = (address: string): boolean => {
  const { username, password } = new URL(address);
  return username === '' && password === '';
};
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

const groups = {
  camera: z.strictObject({
    /** as the browser names it: its ids change with a restart, its name does not; null: the kiosk chooses */
    label: z.string().min(1).max(300).nullable(),
    /** which of several cameras of that name, 0.. */
    nth: z.int().min(0).max(20),
    /** clockwise degrees by which the picture is turned upright */
    rotation: z.union([z.literal(0), z.literal(90), z.literal(180), z.literal(270)]),
    /** the live picture is shown as in a mirror */
    mirrored: z.boolean(),
  }),
  screen: z.strictObject({
    /** null: not known, the panel of the design is assumed */
    inches: z.number().min(inches.min).max(inches.max).nullable(),
    lowerEdge: z.number().min(lowerEdge.min).max(lowerEdge.max),
  }),
  /** in which the next visitor is greeted */
  language: z.enum(['ko', 'en']),
  /**
   * How somebody agrees before a face is looked at: by touch; by touch or by stepping onto the mark; or not asked, where staff
   * have confirmed that signs are posted.
   */
  asking: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('touch') }),
    z.strictObject({ kind: z.literal('step') }),
    z.strictObject({ kind: z.literal('signs'), confirmedAt: z.iso.datetime() }),
  ]),
  strictness: z.enum(['lenient', 'normal', 'strict']),
  /**
   * what the passive check at a greeting does where it takes the face for a picture: it is not run; staff are told; the visitor
   * is asked for telephone and PIN
   */
  passive: z.enum(['off', 'warn', 'require']),
  /** local time; null: not told. A shop that closes after midnight has `closes` before `opens` */
  hours: z.strictObject({ opens: time, closes: time }).nullable(),
  shop: z.strictObject({ name: text, place: text }),
  /** who answers for the data, and how they are reached */
  privacy: z.strictObject({ operator: text, officer: text, contact: text }),
  retentionDays: z.int().min(retentionDays.min).max(retentionDays.max),
  /** address of the hub of several kiosks; nothing connects to it yet */
  hub: z.url({ protocol: /^https$/ }).nullable(),
  /** the shop's own page, which the list of a customer's saved frames opens on their telephone; null: no list is offered */
  shopPage: z
    .url({ protocol: /^https$/, abort: true })
    .max(shopPage.max)
    .refine(isPublic)
    .nullable(),
  /** when staff finished the set-up; null: not yet. ISO 8601, UTC */
  setUpAt: z.iso.datetime().nullable(),
} as const;

/** Everything that a shop decides about its kiosk, but the recogniser: that is chosen once and kept beside it. */
export const settingsSchema = z.strictObject(groups);
export type Settings = z.infer<typeof settingsSchema>;
export type SettingsGroup = keyof Settings;
export type Rotation = Settings['camera']['rotation'];
export type Asking = Settings['asking'];

/** A new kiosk, before its set-up. */
export const DEFAULT_SETTINGS: Settings = {
  camera: { label: null, nth: 0, rotation: 0, mirrored: true },
  screen: { inches: null, lowerEdge: 80 },
  language: 'ko',
  asking: { kind: 'touch' },
  strictness: 'normal',
  passive: 'off',
  hours: null,
  shop: { name: '', place: '' },
  privacy: { operator: '', officer: '', contact: '' },
  retentionDays: PEOPLE.retentionDays,
  hub: null,
  shopPage: null,
  setUpAt: null,
};

/** What takes the place of a group that cannot be read: the careful side. */
const CLOSED: Settings = {
  ...DEFAULT_SETTINGS,
  strictness: 'strict',
  passive: 'require',
  retentionDays: retentionDays.min,
};

/** Layout of the stored settings; raised where an older kiosk could misread them. */
const FORMAT = 1;

/** What of the stored settings could not be used. `all`: none of them. */
export type SettingsProblem = SettingsGroup | 'all';

export interface ReadSettings {
  readonly settings: Settings;
  readonly problems: readonly SettingsProblem[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads stored settings group by group. A group that is missing has its default (settings of an older kiosk lack some); one that
 * does not fit has the careful value, and is named. Settings of a newer format, or none at all, are careful throughout.
 *
 * @param stored anything; null: nothing was stored
 */
export function readSettings(stored: unknown): ReadSettings {
  if (stored === null) return { settings: DEFAULT_SETTINGS, problems: [] };
  const { format, ...given } = isRecord(stored) ? stored : { format: null };
  // Before the set-up a row held the strictness alone, without a format.
  if (format !== undefined && format !== FORMAT) return { settings: CLOSED, problems: ['all'] };
  const read: Record<string, unknown> = {};
  const problems: SettingsProblem[] = [];
  for (const name of Object.keys(groups) as SettingsGroup[]) {
    const parsed = groups[name].safeParse(given[name]);
    if (given[name] === undefined) read[name] = DEFAULT_SETTINGS[name];
    else if (parsed.success) read[name] = parsed.data;
    else {
      read[name] = CLOSED[name];
      problems.push(name);
    }
  }
  return { settings: settingsSchema.parse(read), problems };
}

/** The settings as they are stored. @throws ZodError where they do not fit the schema */
export const storedSettings = (settings: Settings): Settings & { readonly format: number } => ({
  format: FORMAT,
  ...settingsSchema.parse(settings),
});

/** Names of the groups in which two settings differ. */
export const changedGroups = (a: Settings, b: Settings): readonly SettingsGroup[] =>
  (Object.keys(groups) as SettingsGroup[]).filter(
    (name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]),
  );

/** Whether the kiosk must ask before it looks at a face. */
export const asksFirst = ({ kind }: Asking): boolean => kind !== 'signs';

/** Minutes since midnight. */
const minutesOf = (clock: string): number => {
  const [hours, minutes] = clock.split(':').map(Number);
  return hours! * 60 + minutes!;
};

/** Whether the shop is open at that minute of the day; null where no hours were told. */
export function isOpenAt(hours: Settings['hours'], minute: number): boolean | null {
  if (!hours) return null;
  const [from, to] = [minutesOf(hours.opens), minutesOf(hours.closes)];
  if (from === to) return true;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}
