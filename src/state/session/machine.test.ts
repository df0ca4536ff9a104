import { describe, expect, it } from 'vitest';
import { pageOf } from '../../../test/kiosk/fake-customers.ts';
import { type FaceSpec, report } from '../../../test/kiosk/fakes.ts';
import { SCREENS } from '../../../test/kiosk/screens.ts';
import type { GreetedPerson, Sample } from '../engine/recogniser.ts';
import { accessoryToName, visitorsAccessory } from './accessories.ts';
import { initialSession, step, wanted } from './machine.ts';
import { sessionConfig } from './model/config.ts';
import type { SessionContext } from './model/moment.ts';
import type { SessionEvent, SessionModel, Touch } from './model/types.ts';

const config = sessionConfig;
const minji: GreetedPerson = { id: 'minji', name: '김민지', enrolledAt: '2026-11-01T00:00:00Z', demo: false };
const enrolled = new Map([[0, minji]]);

/** Axis of the embedding: see `embeddingOf`. */
const who = (samples: readonly Sample[]) => samples.at(-1)!.embedding.indexOf(1);

const context: SessionContext = {
  config,
  recogniser: {
    anybodyEnrolled: () => true,
    identify: (samples, disowned) => {
      const person = enrolled.get(who(samples));
      return person && !disowned.includes(person.id) ? { kind: 'person', person } : { kind: 'nobody' };
    },
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
  touch(type: Touch): this {
    return this.send({ type, at: this.at });
  }
  get kind() {
    return this.model.phase.kind;
  }
}
const open = () => new Play().open();
const lookUp = (play: Play) => play.touch('without-face').send({ type: 'looking-up', at: play.at });

describe('starting and resting', () => {
  it('waits until engine, gallery and camera are there', () => {
    const play = new Play();
    expect(play.kind).toBe('starting');
    play.send({ type: 'progress', progress: { stage: 'download', done: 3, total: 9 } });
    expect(play.model.phase).toEqual({
      kind: 'starting',
      progress: { stage: 'download', done: 3, total: 9 },
      awaited: false,
    });
    expect(play.open().kind).toBe('attract');
  });

  it('remembers who touched it before it was ready, and goes on to them by itself', () => {
    const play = new Play().touch('wake');
    expect(play.model.phase).toMatchObject({ kind: 'starting', awaited: true });
    play.send({ type: 'progress', progress: { stage: 'warm-up', done: 1, total: 2 } });
    expect(play.model.phase).toMatchObject({ kind: 'starting', awaited: true });
    expect(play.open().see([{ who: 0 }], 500).model.phase).toMatchObject({ kind: 'greeted', person: minji });
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
    expect(play.model.track.samples).toEqual([]);
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
    play.context = {
      ...context,
      recogniser: { anybodyEnrolled: () => false, identify: () => ({ kind: 'nobody' }) },
    };
    expect(play.see([{ who: 0 }], 1_500).model.phase).toMatchObject({ reason: 'nobody-enrolled' });
  });

  it('never fuses frames of two people: a jump begins anew', () => {
    const seen: number[] = [];
    const play = open();
    play.context = {
      ...context,
      recogniser: {
        ...context.recogniser,
        identify: (samples, disowned) => {
          seen.push(new Set(samples.map((sample) => sample.embedding.indexOf(1))).size);
          return context.recogniser.identify(samples, disowned);
        },
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

  it('keeps what the visitor wears for the greeting, and forgets it with the visit', () => {
    const play = open().see([{ who: 0, worn: ['eyewear', 'hat'] }], 400);
    expect(play.kind).toBe('greeted');
    expect(visitorsAccessory(play.model)).toBe('eyewear');
    play.see([], 60_000);
    expect(play.kind).toBe('attract');
    expect(visitorsAccessory(play.model)).toBeNull();
  });

  it.each([
    [['eyewear', 'sunglasses'], 'sunglasses'],
    [['hat', 'mask'], 'mask'],
    [['hat'], 'hat'],
    [[], null],
  ] as const)('of %j names what hides most', (worn, named) => {
    expect(accessoryToName(worn)).toBe(named);
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
        .see([{ who: 0 }], config.goodbye + 200)
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

const page = pageOf({ id: minji.id, name: minji.name });
const read = (play: Play) => play.send({ type: 'page', page, at: play.at });

describe('the page', () => {
  const greeted = () => read(open().see([{ who: 0 }], 500));

  it('opens by itself after the greeting, and at once by a touch', () => {
    expect(greeted().touch('open-page').model.phase).toMatchObject({ kind: 'page', way: 'face', page });
    expect(greeted().see([{ who: 0 }], config.greetingTime - 600).kind).toBe('greeted');
    expect(greeted().see([{ who: 0 }], config.greetingTime).kind).toBe('page');
  });

  it('is not opened by a page of somebody else, nor without one', () => {
    const play = open().see([{ who: 0 }], 500);
    play.send({ type: 'page', page: pageOf({ id: 'another' }), at: play.at });
    expect(play.touch('open-page').see([{ who: 0 }], config.greetingTime + 500).kind).toBe('greeted');
  });

  it('shows what was changed, and its time starts anew', () => {
    const play = greeted()
      .touch('open-page')
      .see([{ who: 0 }], 20_000);
    const changed = { ...page, savedFrames: ['jeju-sun'] };
    play.send({ type: 'page', page: changed, at: play.at });
    expect(play.model.phase).toMatchObject({ page: changed, until: play.at + config.pageTimeout });
  });

  it('is cleared within 5 s of the person leaving, and takes the name out of the model', () => {
    const play = greeted()
      .touch('open-page')
      .see([], config.greetedAbsence + 300);
    expect(play.model.phase).toMatchObject({ kind: 'leaving', reason: 'left' });
    expect(JSON.stringify(play.model)).not.toContain('김민지');
    expect(play.see([], 5_000 - config.greetedAbsence).kind).toBe('attract');
  });

  it('goes when somebody else steps up', () => {
    const play = greeted()
      .touch('open-page')
      .see([{ who: 6, x: 0, width: 170 }], 100);
    expect(play.kind).not.toBe('page');
    expect(JSON.stringify(play.model)).not.toContain('김민지');
  });

  it('warns before its time is up, lets it be extended, and says goodbye when it is done', () => {
    const play = greeted()
      .touch('open-page')
      .see([{ who: 0 }], config.pageTimeout - config.warnBefore);
    expect(play.model.phase).toMatchObject({ kind: 'page', warning: true });
    expect(play.touch('extend').model.phase).toMatchObject({ warning: false });
    expect(play.touch('done').model.phase).toMatchObject({ kind: 'leaving', reason: 'done' });
    expect(play.see([{ who: 0 }], config.goodbye + 200).model.phase).toEqual({
      kind: 'attract',
      armed: false,
    });
  });

  it('believes "not me" there, too', () => {
    expect(greeted().touch('open-page').touch('not-me').model.phase).toMatchObject({ reason: 'not-me' });
  });

  it('ends with the person who was forgotten, and only with that one', () => {
    const play = greeted().touch('open-page');
    play.send({ type: 'forgotten', id: 'another', at: play.at });
    expect(play.kind).toBe('page');
    play.send({ type: 'forgotten', id: minji.id, at: play.at });
    expect(play.model.phase).toMatchObject({ kind: 'leaving', reason: 'forgotten' });
    expect(JSON.stringify(play.model)).not.toContain('김민지');
  });
});

describe('the way without a face', () => {
  it.each([
    ['the attract screen', () => open()],
    ['looking', () => open().see([{ who: 5 }], 200)],
    ['"I do not know you"', () => open().see([{ who: 5 }], 1_500)],
    [
      'a kiosk without a camera',
      () => open().send({ type: 'camera', state: { kind: 'problem', problem: 'no-camera', detail: '' } }),
    ],
  ])('is open from %s', (_, begin) => {
    expect(begin().touch('without-face').kind).toBe('lookup');
  });

  it('is closed where the gallery is', () => {
    const failed = { kind: 'failed', reason: 'gallery-unavailable', detail: '' } as const;
    const play = open().send({ type: 'system', system: 'gallery', state: failed });
    expect(play.touch('without-face').kind).toBe('out-of-order');
  });

  it('asks for no template while somebody types or reads', () => {
    const play = lookUp(open());
    expect(wanted(play.model.phase)).toBe('faces-slowly');
    play.send({ type: 'looked-up', result: { kind: 'found', page }, at: play.at });
    expect(play.model.phase).toMatchObject({ kind: 'page', way: 'telephone' });
    expect(wanted(play.model.phase)).toBe('faces-slowly');
  });

  it('tells of a wrong PIN and stays', () => {
    const play = lookUp(open());
    play.send({ type: 'looked-up', result: { kind: 'wrong', retryAt: null }, at: play.at });
    expect(play.model.phase).toMatchObject({ kind: 'lookup', status: { kind: 'wrong' } });
  });

  it('drops an answer that comes when the screen is gone', () => {
    const play = lookUp(open()).touch('done');
    play.send({ type: 'looked-up', result: { kind: 'found', page }, at: play.at });
    expect(play.kind).toBe('attract');
  });

  it('keeps its screen for somebody whose face is never seen, until the time is up', () => {
    const play = open().touch('without-face').see([], 20_000);
    expect(play.kind).toBe('lookup');
    expect(play.see([], config.lookupTimeout).kind).toBe('attract');
  });

  it('clears within 5 s of a seen face leaving, but not while keys are touched', () => {
    const play = open()
      .touch('without-face')
      .see([{ who: 5 }], 4_000);
    for (let second = 0; second < 8; second++) play.see([], 1_000).touch('active');
    expect(play.kind).toBe('lookup');
    expect(play.see([], config.greetedAbsence + 300).kind).toBe('leaving');
    expect(play.see([], 5_000 - config.greetedAbsence).kind).toBe('attract');
  });

  it('survives a camera that is pulled', () => {
    const play = lookUp(open());
    play.send({ type: 'looked-up', result: { kind: 'found', page }, at: play.at });
    play.send({ type: 'camera', state: { kind: 'problem', problem: 'lost', detail: '' } });
    expect(play.kind).toBe('page');
    expect(play.touch('done').see([], config.goodbye + 300).kind).toBe('out-of-order');
  });
});

describe('a page that was opened by telephone', () => {
  const opened = (seen: readonly FaceSpec[]) => {
    const play = lookUp(open().touch('without-face').see(seen, 1_000));
    return play.send({ type: 'looked-up', result: { kind: 'found', page }, at: play.at });
  };
  const visitor: FaceSpec = { who: 5, x: 200 };
  const other: FaceSpec = { who: 6, x: 205 };

  it('does not stay for another face, though it comes within the 3 s of the visitor leaving', () => {
    const play = opened([visitor]).see([visitor], 4_000).see([], 1_500).see([other], 200);
    expect(play.model.phase).toMatchObject({ kind: 'lookup', status: { kind: 'closed' } });
    expect(JSON.stringify(play.model)).not.toContain(page.name);
  });

  it('does not stay for a companion either, once the visitor has left them behind', () => {
    const companion: FaceSpec = { who: 6, x: 480, width: 80 };
    const play = opened([visitor, companion]).see([visitor, companion], 2_000);
    expect(play.see([companion], config.trackGap).kind).toBe('page');
    expect(play.see([companion], 300).model.phase).toMatchObject({ status: { kind: 'closed' } });
  });

  it('stays for the visitor: while another is nearer, for a turn of the head, and while they touch', () => {
    const nearer: FaceSpec = { who: 6, x: 440, width: 190 };
    const play = opened([visitor]).see([nearer, visitor], 3_000).see([], 900).see([visitor], 300);
    expect(play.kind).toBe('page');
    for (let touch = 0; touch < 6; touch++) play.see([], 1_000).touch('active');
    expect(play.see([{ ...visitor, x: 230 }], 300).kind).toBe('page');
  });

  it('warns where a face appears that was never there, and ends soon unless it is touched', () => {
    const play = opened([]).see([], 8_000).see([other], 200);
    expect(play.model.phase).toMatchObject({ kind: 'page', warning: true });
    const touched = opened([]).see([], 8_000).see([visitor], 200).touch('extend');
    expect(touched.see([visitor], config.warnBefore + 500).model.phase).toMatchObject({ warning: false });
    expect(play.see([other], config.warnBefore).kind).toBe('attract');
  });

  it('takes the first face for the visitor’s while they touch', () => {
    const play = opened([]).see([], 8_000).touch('active').see([visitor], 300);
    expect(play.model.phase).toMatchObject({ kind: 'page', warning: false });
  });
});

describe('a shop that asks first', () => {
  const asking = () => {
    const play = open();
    play.context = { ...context, config: { ...config, askFirst: true } };
    return play.see([{ who: 0 }], 2_000);
  };

  it('makes no template before the shopper has agreed', () => {
    expect(asking().kind).toBe('consent');
    expect(wanted(asking().model.phase)).toBe('faces-slowly');
    expect(asking().model.track.samples).toEqual([]);
  });

  it('looks once they agree, or leads on without a face, or lets them be', () => {
    expect(
      asking()
        .touch('agree')
        .see([{ who: 0 }], 600).kind,
    ).toBe('greeted');
    expect(asking().touch('without-face').kind).toBe('lookup');
    expect(
      asking()
        .touch('done')
        .see([{ who: 0 }], 3_000).kind,
    ).toBe('attract');
  });

  it('asks the next one anew', () => {
    const play = asking()
      .touch('agree')
      .see([{ who: 0 }], 600);
    expect(play.see([{ who: 6, x: 0, width: 170 }], 500).kind).toBe('consent');
  });
});

it('makes templates in no phase but those that look for somebody', () => {
  const kinds = ['looking', 'deciding'];
  for (const phase of Object.values(SCREENS).map((screen) => screen.phase))
    expect(wanted(phase) === 'embeddings', phase.kind).toBe(kinds.includes(phase.kind));
});
