import type { Clock } from '@rounz/core/time/clock.ts';
import { z } from 'zod';
import { type Placement, STAGE } from '../camera/demo/choreography.ts';
import { createPainter } from '../camera/demo/painter.ts';
import { demoSchema } from '../camera/demo/schema.ts';
import type { Consent, Person, TelephoneAccess, Template } from '../gallery/contract/person.ts';
import { type People, peopleOf } from '../state/engine/people.ts';
import type { VisionEngine, VisionReady } from '../vision/protocol.ts';

const sheet = z.object({ file: z.string().min(1), frames: z.array(z.string()).min(1) });

/** What enrolment needs of `people.json` beyond what the camera needs; see `public/demo/README.md`. */
const enrolmentSchema = demoSchema.extend({
  people: z.array(
    z.object({
      id: z.string().min(1),
      name: z.object({ ko: z.string().min(1), latin: z.string().min(1) }),
      enrolled: z.boolean(),
      looks: z.object({ bare: sheet }).catchall(sheet),
    }),
  ),
});
type Demo = z.infer<typeof enrolmentSchema>;
type DemoPerson = Demo['people'][number];

/** Marks the record of a rendered person, who cannot consent. */
const CONSENT_VERSION = 'demo';

/** Telephone numbers of the demonstration, in the order of `people.json`: 010-0000-0001, -0002 ... Nobody has them. */
const demoAccess = (index: number): TelephoneAccess => ({
  telephone: `0100000${String(index + 1).padStart(4, '0')}`,
  pin: '1234',
});

/** The frames used for enrolment: straight and slightly turned. */
const FRAMES: readonly string[] = ['rest', 'left', 'right'];

export interface DemoDeps {
  /** absolute address of the folder of `people.json` */
  readonly url: string;
  readonly engine: VisionEngine;
  readonly ready: VisionReady;
  readonly people: People;
  readonly clock: Clock;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Enrols the demonstration's people from their bare pictures with the real engine, unless this model's templates exist.
 *
 * @throws Error where the pictures are missing or in none of somebody's a face is found; those who could be are enrolled
 */
export async function enrolDemoPeople(deps: DemoDeps): Promise<void> {
  const present = peopleOf(deps.people.store.getState()).filter(({ demo }) => demo);
  if (present.length > 0 && present.every((person) => madeBy(person, deps.ready))) return;
  if (present.length > 0) await deps.people.removeDemo();
  const demo = await readDemo(deps.url);
  const missed: string[] = [];
  const enrolled = demo.people.filter((person) => person.enrolled);
  for (const [index, person] of enrolled.entries()) {
    deps.onProgress(index, enrolled.length);
    const templates = await templatesOf(person, demo, deps);
    if (templates.length === 0) missed.push(person.name.ko);
    else {
      const consent: Consent = { version: CONSENT_VERSION, givenAt: deps.clock.date() };
      await deps.people.enrol({
        name: person.name.ko,
        consent,
        templates,
        demo: true,
        access: demoAccess(index),
      });
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
  const response = await fetch(new URL('people.json', url));
  if (!response.ok)
    throw new Error(`The demonstration's people are missing (HTTP ${response.status}). Install them again.`);
  return enrolmentSchema.parse(await response.json());
}

/** One template for each frame in which the engine finds the face, set as the demonstration's camera would show it. */
async function templatesOf(person: DemoPerson, demo: Demo, deps: DemoDeps): Promise<Template[]> {
  const { file, frames } = person.looks.bare;
  const response = await fetch(new URL(file, deps.url));
  if (!response.ok)
    throw new Error(`The demonstration's picture ${file} is missing (HTTP ${response.status}).`);
  const picture = await createImageBitmap(await response.blob());
  const painter = createPainter(demo);
  const templates: Template[] = [];
  try {
    for (const frame of frames.filter((name) => FRAMES.includes(name))) {
      painter.paint({ person: person.id, look: 'bare', frame, ...standing(demo) }, { picture, frames });
      const { faces } = await deps.engine.analyse(await createImageBitmap(painter.canvas), { embed: true });
      const embedding = faces[0]?.embedding;
      if (embedding)
        templates.push({ embedding, modelHash: deps.ready.modelHash, createdAt: deps.clock.date() });
    }
  } finally {
    picture.close();
  }
  return templates;
}

/** Where the camera puts somebody who stands before the kiosk. */
function standing({ frameSize, eyes }: Demo): Pick<Placement, 'x' | 'y' | 'width' | 'height' | 'opacity'> {
  const scale = STAGE.eyeDistance / eyes.distance;
  return {
    x: STAGE.eyeX - eyes.x * scale,
    y: STAGE.eyeY - eyes.y * scale,
    width: frameSize.width * scale,
    height: frameSize.height * scale,
    opacity: 1,
  };
}
