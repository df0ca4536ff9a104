import { z } from 'zod';
import type { Consent, Person, Template } from '../gallery/types.ts';
import type { Clock } from '../state/clock.ts';
import { type People, peopleOf } from '../state/people.ts';
import type { VisionEngine, VisionReady } from '../vision/protocol.ts';

const sheet = z.object({ file: z.string().min(1), frames: z.array(z.string()).min(1) });

/** What enrolment needs of `people.json`; see `public/demo/README.md`. */
const demoSchema = z.object({
  version: z.literal(1),
  frameSize: z.object({ width: z.int().positive(), height: z.int().positive() }),
  eyes: z.object({ x: z.number(), y: z.number(), distance: z.number().positive() }),
  people: z.array(
    z.object({
      id: z.string().min(1),
      name: z.object({ ko: z.string().min(1), latin: z.string().min(1) }),
      enrolled: z.boolean(),
      looks: z.object({ bare: sheet }),
    }),
  ),
});
type Demo = z.infer<typeof demoSchema>;
type DemoPerson = Demo['people'][number];

/** Rendered people agree to nothing; the record says so. */
const CONSENT_VERSION = 'demo';

/** How a frame is set before the engine: as somebody stands before the kiosk. Pixels. */
const STAGE = { width: 640, height: 480, eyeDistance: 88, eyeLine: 205, ground: '#c3c8c6' } as const;

/** The frames that enrol: straight and slightly turned, as a person before the kiosk moves. */
const FRAMES: readonly string[] = ['rest', 'left', 'right', 'smile'];

export interface DemoDeps {
  /** folder of `people.json`, relative to the page */
  readonly url: string;
  readonly engine: VisionEngine;
  readonly ready: VisionReady;
  readonly people: People;
  readonly clock: Clock;
}

/**
 * Enrols the demonstration's people from their bare pictures, through the real engine, unless this model's are there.
 *
 * @throws Error where the pictures are missing or in none of somebody's a face is found; those who could be are enrolled
 */
export async function enrolDemoPeople(deps: DemoDeps): Promise<void> {
  const present = peopleOf(deps.people.store.getState()).filter(({ demo }) => demo);
  if (present.length > 0 && present.every((person) => madeBy(person, deps.ready))) return;
  if (present.length > 0) await deps.people.removeDemo();
  const demo = await readDemo(deps.url);
  const missed: string[] = [];
  for (const person of demo.people.filter(({ enrolled }) => enrolled)) {
    const templates = await templatesOf(person, demo, deps);
    if (templates.length === 0) missed.push(person.name.ko);
    else {
      const consent: Consent = { version: CONSENT_VERSION, givenAt: deps.clock.date() };
      await deps.people.enrol({ name: person.name.ko, consent, templates, demo: true });
    }
  }
  if (missed.length > 0)
    throw new Error(
      `No face was found in the demonstration's pictures of ${missed.join(', ')}, so they are strangers here.`,
    );
}

const madeBy = (person: Person, ready: VisionReady): boolean =>
  person.templates.some(({ modelHash }) => modelHash === ready.modelHash);

async function readDemo(url: string): Promise<Demo> {
  const response = await fetch(`${url}people.json`);
  if (!response.ok)
    throw new Error(
      `The demonstration's people are missing (${url}people.json: ${response.status}). Install them again.`,
    );
  return demoSchema.parse(await response.json());
}

/** One template for each frame in which the engine finds the face. */
async function templatesOf(person: DemoPerson, demo: Demo, deps: DemoDeps): Promise<Template[]> {
  const { file, frames } = person.looks.bare;
  const response = await fetch(deps.url + file);
  if (!response.ok) throw new Error(`The demonstration's picture ${file} is missing (${response.status}).`);
  const picture = await createImageBitmap(await response.blob());
  const templates: Template[] = [];
  try {
    for (const [index, name] of frames.entries()) {
      if (!FRAMES.includes(name)) continue;
      const frame = stage(picture, index, demo);
      const { faces } = await deps.engine.analyse(frame, { embed: true });
      const embedding = faces[0]?.embedding;
      if (embedding)
        templates.push({ embedding, modelHash: deps.ready.modelHash, createdAt: deps.clock.date() });
    }
  } finally {
    picture.close();
  }
  return templates;
}

/** One frame of a sheet, set on a plain ground at the size of somebody who stands before the kiosk. */
function stage(picture: ImageBitmap, index: number, { frameSize, eyes }: Demo): ImageBitmap {
  const canvas = new OffscreenCanvas(STAGE.width, STAGE.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gives no 2D canvas, so the demonstration cannot be enrolled.');
  const scale = STAGE.eyeDistance / eyes.distance;
  context.fillStyle = STAGE.ground;
  context.fillRect(0, 0, STAGE.width, STAGE.height);
  context.drawImage(
    picture,
    index * frameSize.width,
    0,
    frameSize.width,
    frameSize.height,
    STAGE.width / 2 - eyes.x * scale,
    STAGE.eyeLine - eyes.y * scale,
    frameSize.width * scale,
    frameSize.height * scale,
  );
  return canvas.transferToImageBitmap();
}
