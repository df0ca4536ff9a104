import { z } from 'zod';
import type { Range } from '../people/limits.ts';

z.config({ jitless: true });

/** What a catalogue may hold. */
export const CATALOGUE_LIMITS = {
  /** frames of one file */
  frames: { min: 1, max: 500 },
  /** characters of a name or a detail: two lines of a card */
  words: { min: 1, max: 60 },
  /** Korean won */
  price: { min: 1, max: 100_000_000 },
  /** millimetres from hinge to hinge, across the front */
  width: { min: 90, max: 180 },
} as const satisfies Readonly<Record<string, Range>>;

export const SHAPES = [
  'round',
  'oval',
  'square',
  'rectangle',
  'cat-eye',
  'aviator',
  'browline',
  'geometric',
] as const;
export type Shape = (typeof SHAPES)[number];

/** The colour that is seen first. */
export const COLOURS = [
  'black',
  'grey',
  'white',
  'clear',
  'brown',
  'gold',
  'silver',
  'pink',
  'red',
  'blue',
  'green',
  'mixed',
] as const;
export type Colour = (typeof COLOURS)[number];

const { frames, words, price, width } = CATALOGUE_LIMITS;
const line = z.string().trim().min(words.min).max(words.max);
const bilingual = z.object({ ko: line, en: line });

const frameShape = {
  id: z.string().regex(/^[a-z0-9-]{2,40}$/),
  name: bilingual,
  detail: bilingual,
  kind: z.enum(['optical', 'sun']),
  price: z.int().min(price.min).max(price.max),
  picture: z.string().regex(/^[a-z0-9-]+\.(svg|webp|png)$/),
  shape: z.enum(SHAPES).optional(),
  colour: z.enum(COLOURS).optional(),
  width: z.number().min(width.min).max(width.max).optional(),
} as const;

/** One frame of the shop. `public/catalogue/README.md` says what each field is. */
const frameSchema = z.object(frameShape);
export type CatalogueFrame = z.infer<typeof frameSchema>;
export type FrameField = keyof typeof frameShape;

/** Names of a frame's fields, in the order of the README. */
export const FRAME_FIELDS = Object.keys(frameShape) as FrameField[];

/** Fields without which a frame is shown all the same, and not found by that filter. */
export const FILTER_FIELDS = ['shape', 'colour', 'width'] as const satisfies readonly FrameField[];

const catalogueShape = {
  format: z.literal(1),
  frames: z.array(frameSchema).min(frames.min).max(frames.max),
} as const;
export const CATALOGUE_FIELDS = Object.keys(catalogueShape);

/** `catalogue.json`. Fields that it does not know are passed over; the check command names them. */
export const catalogueSchema = z.object(catalogueShape).superRefine(({ frames }, context) => {
  const first = new Map<string, number>();
  for (const [index, { id }] of frames.entries()) {
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    else
      context.addIssue({
        code: 'custom',
        path: ['frames', index, 'id'],
        message: `frame ${before + 1} has it already`,
        params: { twice: true },
      });
  }
});
