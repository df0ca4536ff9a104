import { describe, expect, it } from 'vitest';
import { type FaceSpec, report } from '../../test/kiosk/fakes.ts';
import { stateConfig } from './config.ts';
import type { Sample } from './evidence.ts';
import { initialSession, type SessionContext, step } from './session-machine.ts';
import type { GreetedPerson, SessionEvent, SessionModel } from './session-types.ts';

const config = stateConfig.session;
const minji: GreetedPerson = { id: 'minji', name: '김민지', enrolledAt: '2026-11-01T00:00:00Z', demo: false };
const enrolled = new Map([[0, minji]]);

/** Axis of the embedding: see `embeddingOf`. */
const who = (samples: readonly Sample[]) => samples.at(-1)!.embedding.indexOf(1);

const context: SessionContext = {
  config,
  anybodyEnrolled: () => true,
  recognise: (samples, disowned) => {
    const person = enrolled.get(who(samples));
    return person && !disowned.includes(person.id) ? { kind: 'person', person } : { kind: 'nobody' };
  },
};

/** Plays events against the machine; frames come every 100 ms, ticks between them. */
class Play {
  model: SessionModel = initialSession;
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
  /** The scene for `ms`, a frame each 100 ms. */
  see(faces: readonly FaceSpec[], ms: number): this {
    for (const end = this.at + ms; this.at < end; ) {
      this.at += 100;
      this.send({ type: 'report', report: report(faces), at: this.at }).send({ type: 'tick', at: this.at });
    }
    return this;
  }
  touch(type: 'wake' | 'not-me' | 'done' | 'try-again' | 'extend'): this {
    return this.send({ type, at: this.at });
  }
  get kind() {
    return this.model.phase.kind;
  }
}
const open = () => new Play().open();

describe('starting and resting', () => {
  it('waits until engine, gallery and camera are there', () => {
    const play = new Play();
    expect(play.kind).toBe('starting');
    play.send({ type: 'progress', progress: { stage: 'download', done: 3, total: 9 } });
    expect(play.model.phase).toEqual({
      kind: 'starting',
      progress: { stage: 'download', done: 3, total: 9 },
    });
    expect(play.open().kind).toBe('attract');
  });

  it('names the reason when a part is missing and recovers by itself', () => {
    const play = open();
    play.send({ type: 'camera', state: { kind: 'problem', problem: 'lost', detail: 'unplugged' } });
    expect(play.model.phase).toEqual({ kind: 'out-of-order', reason: 'lost', detail: 'unplugged' });
    play.send({ type: 'camera', state: { kind: 'live', label: 'test', width: 640, height: 480 } });
    expect(play.kind).toBe('attract');
  });

  it('tells of a corrupt model rather than of the camera', () => {
    const play = open();
    play.send({ type: 'camera', state: { kind: 'problem', problem: 'no-camera', detail: '' } });
    play.send({
      type: 'system',
      system: 'engine',
      state: { kind: 'failed', reason: 'model-corrupt', detail: 'sha256' },
    });
    expect(play.model.phase).toMatchObject({ kind: 'out-of-order', reason: 'model-corrupt' });
  });

  it('stays at rest for a face far away', () => {
    expect(open().see([{ width: 20 }], 3_000).kind).toBe('attract');
  });

  it('asks somebody who stands off to come closer, for as long as they stay, and never judges them', () => {
    const play = open().see([{ who: 0, width: 40 }], config.lookingTimeout + 5_000);
    expect(play.model.phase).toEqual({ kind: 'looking', hint: 'too-far' });
    expect(play.model.evidence.samples).toEqual([]);
    expect(play.see([{ who: 0, width: 60 }], 500).kind).toBe('greeted');
  });
});

describe('recognising', () => {
  it('greets an enrolled person after agreeing frames, within half a second', () => {
    const play = open().see([{ who: 0 }], 100);
    expect(play.kind).toBe('deciding');
    play.see([{ who: 0 }], 300);
    expect(play.model.phase).toMatchObject({ kind: 'greeted', person: minji });
  });

  it('never greets on a single frame', () => {
    expect(open().see([{ who: 0 }], 100).kind).not.toBe('greeted');
  });

  it('takes more time before it says that it does not know somebody', () => {
    const play = open().see([{ who: 5 }], 800);
    expect(play.kind).toBe('deciding');
    expect(play.see([{ who: 5 }], 400).model.phase).toMatchObject({ kind: 'unknown', reason: 'no-match' });
  });

  it('says so when nobody is enrolled', () => {
    const play = open();
    play.context = { ...context, anybodyEnrolled: () => false, recognise: () => ({ kind: 'nobody' }) };
    expect(play.see([{ who: 0 }], 1_500).model.phase).toMatchObject({ reason: 'nobody-enrolled' });
  });

  it('never fuses frames of two people: a jump begins anew', () => {
    const seen: number[] = [];
    const play = open();
    play.context = {
      ...context,
      recognise: (samples, disowned) => {
        seen.push(new Set(samples.map((sample) => sample.embedding.indexOf(1))).size);
        return context.recognise(samples, disowned);
      },
    };
    play.see([{ who: 5, x: 20, width: 120 }], 300).see([{ who: 6, x: 440, width: 120 }], 600);
    expect(seen.length).toBeGreaterThan(2);
    expect(Math.max(...seen)).toBe(1);
  });

  it('does not use blocked frames, says why after a while, and recovers', () => {
    const play = open().see([{ who: 0, issues: ['too-dark'] }], 300);
    expect(play.model.phase).toEqual({ kind: 'looking', hint: null });
    play.see([{ who: 0, issues: ['too-dark'] }], 700);
    expect(play.model.phase).toEqual({ kind: 'looking', hint: 'too-dark' });
    expect(play.see([{ who: 0 }], 400).kind).toBe('greeted');
  });

  it('recognises covered faces: accessories never block', () => {
    expect(open().see([{ who: 0, strict: ['covered', 'eyes-closed'] }], 400).kind).toBe('greeted');
  });

  it('gives up politely when it never sees well', () => {
    const play = open().see([{ issues: ['blurred'] }], config.lookingTimeout + 200);
    expect(play.model.phase).toMatchObject({ kind: 'unknown', reason: 'no-good-picture' });
  });

  it('serves the nearest of several and counts them', () => {
    const play = open().see([{ who: 0 }, { who: 6, x: 20, width: 60 }], 400);
    expect(play.model.phase).toMatchObject({ kind: 'greeted', person: minji });
    expect(play.model.faceCount).toBe(2);
  });

  it('goes back to rest when the face leaves before a verdict', () => {
    expect(
      open()
        .see([{ who: 5 }], 200)
        .see([], config.lookingAbsence + 300).kind,
    ).toBe('attract');
  });
});

describe('on a machine that needs seconds for a frame', () => {
  const slowly = (play: Play, faces: readonly FaceSpec[], frames: number) => {
    for (let frame = 0; frame < frames; frame++) {
      for (let tick = 0; tick < 15; tick++) {
        play.at += 200;
        play.send({ type: 'tick', at: play.at });
      }
      play.send({ type: 'report', report: report(faces), at: play.at });
    }
    return play;
  };

  it('still greets after a few frames', () => {
    expect(slowly(open(), [{ who: 0 }], 4).model.phase).toMatchObject({ kind: 'greeted', person: minji });
  });

  it('does not take the wait for the next frame for an empty place', () => {
    const play = slowly(open(), [{ who: 0 }], 4);
    expect(slowly(play, [{ who: 0 }], 3).kind).toBe('greeted');
    expect(slowly(play, [], 2).kind).toBe('attract');
  });

  it('takes the name away when the camera shows nothing any more', () => {
    const play = open().see([{ who: 0 }], 500);
    for (let tick = 0; tick < 90; tick++) play.send({ type: 'tick', at: play.at + tick * 200 });
    expect(play.kind).toBe('attract');
  });
});

describe('after the greeting', () => {
  const greeted = () => open().see([{ who: 0 }], 500);

  it('clears the name and returns to rest within 5 s of the face leaving', () => {
    const play = greeted().see([], config.greetedAbsence + 200);
    expect(play.kind).toBe('leaving');
    expect(JSON.stringify(play.model)).not.toContain('김민지');
    play.see([], 5_000 - config.greetedAbsence);
    expect(play.kind).toBe('attract');
  });

  it('keeps to the rule of 5 s by its configuration', () => {
    expect(config.greetedAbsence + config.goodbye).toBeLessThanOrEqual(5_000);
  });

  it('takes the name away when somebody else steps up', () => {
    const play = greeted().see([{ who: 6, x: 0, width: 170 }], 100);
    expect(play.kind).not.toBe('greeted');
    expect(play.see([{ who: 6, x: 0, width: 170 }], 1_500).kind).toBe('unknown');
  });

  it('warns before the timeout, lets it be extended, and then ends', () => {
    const play = greeted().see([{ who: 0 }], config.greetedTimeout - config.warnBefore);
    expect(play.model.phase).toMatchObject({ kind: 'greeted', warning: true });
    expect(play.touch('extend').model.phase).toMatchObject({ kind: 'greeted', warning: false });
    expect(play.see([{ who: 0 }], config.greetedTimeout + 200).kind).toBe('attract');
  });

  it('does not greet the same visitor again until they have stepped away', () => {
    const play = greeted()
      .touch('done')
      .see([{ who: 0 }], 5_000);
    expect(play.kind).toBe('attract');
    play.see([], 2_000).see([{ who: 0 }], 500);
    expect(play.kind).toBe('greeted');
  });

  it('looks again at once when the visitor touches the screen', () => {
    expect(
      greeted()
        .touch('done')
        .touch('wake')
        .see([{ who: 0 }], 500).kind,
    ).toBe('greeted');
  });

  it('believes "not me" and does not repeat the name in this visit', () => {
    const play = greeted().touch('not-me');
    expect(play.model.phase).toMatchObject({ kind: 'unknown', reason: 'not-me' });
    play.touch('try-again');
    expect(play.kind).toBe('looking');
    expect(play.see([{ who: 0 }], 2_000).model.phase).toMatchObject({ kind: 'unknown', reason: 'no-match' });
  });

  it('forgets the "not me" with the visit', () => {
    const play = greeted()
      .touch('not-me')
      .see([], config.unknownAbsence + 300);
    expect(play.kind).toBe('attract');
    expect(play.see([{ who: 0 }], 500).kind).toBe('greeted');
  });
});

describe('the staff console', () => {
  it('takes the camera, hears nothing of shoppers and gives back', () => {
    const play = open()
      .see([{ who: 0 }], 500)
      .send({ type: 'suspend' });
    expect(JSON.stringify(play.model)).not.toContain('김민지');
    expect(play.see([{ who: 0 }], 1_000).kind).toBe('suspended');
    play.send({ type: 'camera', state: { kind: 'problem', problem: 'lost', detail: '' } });
    expect(play.kind).toBe('suspended');
    expect(play.send({ type: 'resume' }).kind).toBe('out-of-order');
  });
});
