import type { Clock } from '@rounz/core/time/clock.ts';
import type { Consent, Person, TelephoneAccess, Template } from '../gallery/contract/person.ts';
import { type People, peopleOf } from '../state/engine/people.ts';
import type { VisionEngine, VisionReady } from '../vision/protocol.ts';
import { type DemoPerson, openBare, readDemo } from './demo-pictures.ts';

/** Marks the record of a rendered person, who cannot consent. */
const CONSENT_VERSION = 'demo';

/** Telephone numbers of the demonstration, in the order of `people.json`: 010-0000-0001, -0002 ... Nobody has them. */
const demoAccess = (index: number): TelephoneAccess => ({
  telephone: `0100000${String(index + 1).padStart(4, '0')}`,
  pin: '4826',
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

/** One template for each frame in which the engine finds the face, set as the demonstration's camera would show it. */
async function templatesOf(
  person: DemoPerson,
  demo: Awaited<ReturnType<typeof readDemo>>,
  deps: DemoDeps,
): Promise<Template[]> {
  const { frames, painter, paint, close } = await openBare(person, demo, deps.url);
  const templates: Template[] = [];
  try {
    for (const frame of frames.filter((name) => FRAMES.includes(name))) {
      paint(frame);
      const { faces } = await deps.engine.analyse(await createImageBitmap(painter.canvas), {
        embed: true,
        role: 'template',
      });
      const embedding = faces[0]?.embedding;
      if (embedding)
        templates.push({ embedding, modelHash: deps.ready.modelHash, createdAt: deps.clock.date() });
    }
  } finally {
    close();
  }
  return templates;
}
