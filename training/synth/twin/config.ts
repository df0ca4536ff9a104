import { z } from 'zod';
import {
  FRONT_CAMERAS,
  KFACE_ACCESSORIES,
  KFACE_CAMERAS,
  KFACE_EXPRESSIONS,
  KFACE_LIGHTS,
  KFACE_RESOLUTIONS,
  type KfaceExpression,
  type KfaceResolution,
  type KfaceSession,
  SIDE_CAMERAS,
} from '../../data/kface-condition.ts';

const names = <K extends string>(object: Readonly<Record<K, unknown>>) => Object.keys(object) as [K, ...K[]];
const numbers = (most: number) => z.array(z.int().min(1).max(most)).min(1);

export const SESSIONS = names<KfaceSession>(KFACE_ACCESSORIES);
const EXPRESSIONS = Object.values(KFACE_EXPRESSIONS) as [KfaceExpression, ...KfaceExpression[]];

/** What a twin holds. */
export const twinConfigSchema = z.strictObject({
  seed: z.int().min(0).max(99),
  /** of each part; people keep their faces when a part grows */
  people: z.strictObject({
    train: z.int().min(1).max(99_999),
    validate: z.int().min(0).max(99_999),
    test: z.int().min(0).max(99_999),
  }),
  /** drawn at the largest, scaled to the others */
  resolutions: z.array(z.enum(names<KfaceResolution>(KFACE_RESOLUTIONS))).min(1),
  /** S001 to S006 as in K-FACE; S007 to S009 are masks */
  sessions: z.array(z.enum(SESSIONS)).min(1),
  lights: numbers(KFACE_LIGHTS),
  expressions: z.array(z.enum(EXPRESSIONS)).min(1),
  front: numbers(KFACE_CAMERAS),
  /** cameras of S001; of every session where `everywhere` is set */
  side: z.array(z.int().min(1).max(KFACE_CAMERAS)),
  everywhere: z.boolean(),
  /** pairs of each task's lists, half of them of one person; 0 for no list */
  pairs: z.strictObject({ validate: z.int().min(0), test: z.int().min(0) }),
});
export type TwinConfig = z.infer<typeof twinConfigSchema>;

/** A minute or two on two cores: enough to see every step from pictures to figures. */
const small: TwinConfig = {
  seed: 1,
  people: { train: 16, validate: 6, test: 8 },
  resolutions: ['Middle'],
  sessions: ['S001', 'S002', 'S003', 'S004', 'S005', 'S006', 'S007'],
  lights: [1, 4],
  expressions: ['neutral', 'smile'],
  front: [7],
  side: [3, 11],
  everywhere: false,
  pairs: { validate: 200, test: 400 },
};

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/**
 * The challenge's own size: 490 people to train on (132,300 pictures of task 05, 66,150 of task 03), 10,000 and 20,000
 * pairs. How many people its lists had is not published; these are this project's choice.
 */
const challenge: TwinConfig = {
  ...small,
  people: { train: 490, validate: 100, test: 200 },
  sessions: ['S001', 'S002', 'S003', 'S004', 'S005', 'S006'],
  lights: upTo(5),
  expressions: ['neutral', 'smile', 'frown'],
  front: [...FRONT_CAMERAS],
  side: [...SIDE_CAMERAS],
  pairs: { validate: 10_000, test: 20_000 },
};

/** Every condition that K-FACE has, and masks; 16,200 pictures a person. */
const full: TwinConfig = {
  ...challenge,
  sessions: [...SESSIONS],
  lights: upTo(KFACE_LIGHTS),
  side: upTo(KFACE_CAMERAS).filter((camera) => !FRONT_CAMERAS.includes(camera)),
  everywhere: true,
};

export const TWIN_SIZES = { small, challenge, full } as const satisfies Record<string, TwinConfig>;
export type TwinSize = keyof typeof TWIN_SIZES;

/** Cameras that look at a person of a session. */
export const camerasOf = ({ front, side, everywhere }: TwinConfig, session: KfaceSession): number[] =>
  session === 'S001' || everywhere ? [...new Set([...front, ...side])] : [...front];

/** Pictures of one person at one resolution. */
export const picturesPerPerson = (config: TwinConfig): number =>
  config.sessions.reduce((sum, session) => sum + camerasOf(config, session).length, 0) *
  config.lights.length *
  config.expressions.length;
