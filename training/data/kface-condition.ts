/**
 * K-FACE's conditions (AI-Hub "Korean face image"), as typed fields. Both the folder tree
 * (`.../ID8/S001/L1/E01/C7.jpg`) and the 2020 challenge's flat names (`ID8_S001_L1_E01_C7_cropped.jpg`) say them.
 */

/** What is worn. K-FACE has the first six; the masks are this project's rendered twin's, in K-FACE's own manner. */
export const KFACE_ACCESSORIES = {
  S001: 'bare',
  S002: 'glasses',
  S003: 'horn-rimmed',
  S004: 'sunglasses',
  S005: 'cap',
  S006: 'cap-horn-rimmed',
  S007: 'mask',
  S008: 'mask-glasses',
  S009: 'mask-cap',
} as const;
export type KfaceSession = keyof typeof KFACE_ACCESSORIES;
export type KfaceAccessory = (typeof KFACE_ACCESSORIES)[KfaceSession];

export const KFACE_EXPRESSIONS = { E01: 'neutral', E02: 'smile', E03: 'frown' } as const;
export type KfaceExpression = (typeof KFACE_EXPRESSIONS)[keyof typeof KFACE_EXPRESSIONS];

/** Illuminance of L1 to L7, which light from all directions, lux. L8 to L30 light from single directions. */
export const KFACE_LUX = [1000, 400, 200, 150, 100, 40, 0] as const;

/** Largest number of a light and of a camera. */
export const KFACE_LIGHTS = 30;
export const KFACE_CAMERAS = 20;

/** Width and height of the three resolutions, pixels. */
export const KFACE_RESOLUTIONS = {
  High: { width: 864, height: 576 },
  Middle: { width: 346, height: 230 },
  Low: { width: 173, height: 115 },
} as const;
export type KfaceResolution = keyof typeof KFACE_RESOLUTIONS;

/** Everything that K-FACE says of a picture. */
export interface KfaceCondition {
  /** eight digits */
  readonly person: string;
  readonly session: KfaceSession;
  readonly accessory: KfaceAccessory;
  /** 1..30 */
  readonly light: number;
  /** null for L8 to L30 */
  readonly lux: number | null;
  readonly expression: KfaceExpression;
  /** 1..20 */
  readonly camera: number;
  /** degrees, C1 +90 to C13 -90, C7 frontal; null for C14 to C20, which sources describe differently */
  readonly yaw: number | null;
}

/** Turn of a camera, degrees; null for C14 to C20. */
export const yawOfCamera = (camera: number): number | null =>
  camera >= 1 && camera <= 13 ? (7 - camera) * 15 || 0 : null;

/** The challenge's front cameras (task 03), and its side cameras. */
export const FRONT_CAMERAS: readonly number[] = [6, 7, 8];
export const SIDE_CAMERAS: readonly number[] = [1, 2, 3, 11, 12, 13];

/** Name of each expression's folder. */
export const EXPRESSION_CODES = { neutral: 'E01', smile: 'E02', frown: 'E03' } as const satisfies Record<
  KfaceExpression,
  keyof typeof KFACE_EXPRESSIONS
>;

const TREE = /(?:^|\/)(\d{8})\/(S\d{3})\/L(\d{1,2})\/(E\d{2})\/C(\d{1,2})\.(?:jpe?g|png)$/i;
const FLAT = /(?:^|\/)(\d{8})_(S\d{3})_L(\d{1,2})_(E\d{2})_C(\d{1,2})(?:_cropped)?(?:\.(?:jpe?g|png))?$/i;

/** The condition that a path of K-FACE's tree or a flat name of the challenge says; null where it is neither. */
export function conditionOf(path: string): KfaceCondition | null {
  const parts = TREE.exec(path) ?? FLAT.exec(path);
  if (!parts) return null;
  const [, person, s, l, e, c] = parts as unknown as [string, string, string, string, string, string];
  const session = s.toUpperCase() as KfaceSession;
  const accessory = KFACE_ACCESSORIES[session] as KfaceAccessory | undefined;
  const expression = KFACE_EXPRESSIONS[e.toUpperCase() as keyof typeof KFACE_EXPRESSIONS] as
    | KfaceExpression
    | undefined;
  const [light, camera] = [Number(l), Number(c)];
  const known = light >= 1 && light <= KFACE_LIGHTS && camera >= 1 && camera <= KFACE_CAMERAS;
  if (!accessory || !expression || !known) return null;
  const lux = KFACE_LUX[light - 1] ?? null;
  return { person, session, accessory, light, lux, expression, camera, yaw: yawOfCamera(camera) };
}

/** What says which picture it is. */
export type KfaceCell = Pick<KfaceCondition, 'person' | 'session' | 'light' | 'expression' | 'camera'>;

/** The challenge's name: `ID8_S001_L1_E01_C7_cropped.jpg`. */
export const flatName = ({ person, session, light, expression, camera }: KfaceCell): string =>
  `${person}_${session}_L${light}_${EXPRESSION_CODES[expression]}_C${camera}_cropped.jpg`;

/** Key of a K-FACE person over all sets, the tree's and the challenge's alike. */
export const kfaceIdentity = (person: string): string => `kface:${person}`;
