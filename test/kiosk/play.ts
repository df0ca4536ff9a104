import type { GreetedPerson, Sample } from '../../src/state/engine/recogniser.ts';
import { initialSession, step } from '../../src/state/session/machine.ts';
import { sessionConfig } from '../../src/state/session/model/config.ts';
import type { SessionContext } from '../../src/state/session/model/moment.ts';
import type { SessionEvent, SessionModel, Touch } from '../../src/state/session/model/types.ts';
import { pageOf } from './fake-customers.ts';
import { type FaceSpec, report } from './fakes.ts';

export const minji: GreetedPerson = {
  id: 'minji',
  name: '김민지',
  enrolledAt: '2026-11-01T00:00:00Z',
  demo: false,
};
const enrolled = new Map([[0, minji]]);

/** Axis of the embedding: see `embeddingOf`. */
const who = (samples: readonly Sample[]) => samples.at(-1)!.embedding.indexOf(1);

export const context: SessionContext = {
  // A shop with posted signs: most tests are about what follows a consent.
  config: { ...sessionConfig, asking: 'signs' },
  recogniser: {
    anybodyEnrolled: () => true,
    identify: (samples, disowned) => {
      const person = enrolled.get(who(samples));
      return person && !disowned.includes(person.id)
        ? { kind: 'person', person, certainty: 'plain' }
        : { kind: 'nobody' };
    },
  },
};

/** Plays events against the session machine; frames come every 100 ms, with a tick after each. */
export class Play {
  model: SessionModel = initialSession;
  /** milliseconds */
  at = 10_000;
  context = context;

  send(event: SessionEvent): this {
    this.model = step(this.model, event, this.context);
    return this;
  }
  open(): this {
    return this.send({ type: 'system', system: 'gallery', state: { kind: 'ready' } })
      .send({ type: 'camera', state: { kind: 'live', label: 'test', width: 640, height: 480 } })
      .send({ type: 'system', system: 'engine', state: { kind: 'ready' } });
  }
  /** Shows the faces for `ms`, a frame each 100 ms. */
  see(faces: readonly FaceSpec[], ms: number): this {
    for (const end = this.at + ms; this.at < end; ) {
      this.at += 100;
      this.send({ type: 'report', report: report(faces), at: this.at }).send({ type: 'tick', at: this.at });
    }
    return this;
  }
  touch(type: Touch): this {
    return this.send({ type, at: this.at });
  }
  get kind() {
    return this.model.phase.kind;
  }
}
/** A kiosk that is ready, with nobody before it. */
export const open = () => new Play().open();
/** Goes to the look-up and sends a number and a PIN. */
export const lookUp = (play: Play) => play.touch('without-face').send({ type: 'looking-up', at: play.at });

/** Minji's page. */
export const page = pageOf({ id: minji.id, name: minji.name });
/** The gallery has read Minji's page. */
export const read = (play: Play) => play.send({ type: 'page', page, at: play.at });
