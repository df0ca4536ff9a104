import { z } from 'zod';

// Without this, zod tries `new Function` once, which our content security policy reports as an error.
z.config({ jitless: true });

const seconds = z.number().nonnegative();
const side = z.enum(['left', 'right', 'far']);
const sheet = z.object({ file: z.string().min(1), frames: z.array(z.string()).min(1) });

const person = z.object({
  id: z.string().min(1),
  looks: z.record(z.string(), sheet),
});

const scene = z.object({
  person: z.string().nullable(),
  look: z.string().optional(),
  seconds: z.object({ enter: seconds.default(0), stay: seconds, leave: seconds.default(0) }),
  from: side.default('far'),
  to: side.default('far'),
});

/** What the demonstration's camera needs of `people.json`; `public/demo/README.md` explains it. */
export const demoSchema = z.object({
  version: z.literal(1),
  frameSize: z.object({ width: z.int().positive(), height: z.int().positive() }),
  eyes: z.object({ x: z.number(), y: z.number(), distance: z.number().positive() }),
  people: z.array(person).min(1),
  script: z.array(scene).min(1),
});

export type Demo = z.infer<typeof demoSchema>;
export type Scene = Demo['script'][number];
export type Side = z.infer<typeof side>;
export type Sheet = z.infer<typeof sheet>;

/**
 * Reads the demonstration's description.
 *
 * @throws Error that says what is missing and what to do
 */
export async function loadDemo(demoUrl: string): Promise<Demo> {
  const url = new URL('people.json', demoUrl);
  const response = await fetch(url);
  const json: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  const parsed = demoSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(
    `The demonstration's people cannot be read from ${url.href} (${response.ok ? z.prettifyError(parsed.error) : `HTTP ${response.status}`}). ` +
      'Write them anew with `npm run -w training synth demo`.',
  );
}
