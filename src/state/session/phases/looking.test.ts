import { describe, expect, it } from 'vitest';
import { type FaceSpec, report } from '../../../../test/kiosk/fakes.ts';
import { context, minji, open, type Play } from '../../../../test/kiosk/play.ts';
import { visitorsAccessory } from '../accessories.ts';
import { sessionConfig as config } from '../model/config.ts';

describe('looking', () => {
  it('asks somebody who stands off to come closer, for as long as they stay, and never judges them', () => {
    const play = open().see([{ who: 0, width: 40 }], config.lookingTimeout + 5_000);
    expect(play.model.phase).toMatchObject({ kind: 'looking', hint: 'too-far' });
    expect(play.model.track.samples).toEqual([]);
    expect(play.see([{ who: 0, width: 60 }], 500).kind).toBe('greeted');
  });
  it('greets an enrolled person after agreeing frames, within half a second', () => {
    const play = open().see([{ who: 0 }], 100);
    expect(play.kind).toBe('deciding');
    play.see([{ who: 0 }], 300);
    expect(play.model.phase).toMatchObject({ kind: 'greeted', person: minji });
  });

  it.each([
    ['certain', 1],
    ['clear', 2],
    ['plain', 3],
  ] as const)('greets whoever is %s after %i embedded frames', (certainty, frames) => {
    const play = open();
    play.context = {
      ...context,
      recogniser: {
        anybodyEnrolled: () => true,
        identify: () => ({ kind: 'person', person: minji, certainty }),
      },
    };
    play.see([{ who: 0 }], 100 * (frames - 1));
    expect(play.kind).not.toBe('greeted');
    expect(play.see([{ who: 0 }], 100).kind).toBe('greeted');
  });

  it('takes more time before it says that it does not know somebody', () => {
    const play = open().see([{ who: 5 }], 800);
    expect(play.kind).toBe('deciding');
    expect(play.see([{ who: 5 }], 400).model.phase).toMatchObject({ kind: 'unknown', reason: 'no-match' });
  });

  it('does not look for ever at faces that come and go too fast for a word', () => {
    const play = open();
    const issues = ['turned', 'blurred', 'too-dark'] as const;
    for (let frame = 0; frame < 400 && play.kind !== 'unknown'; frame++)
      play.see([{ x: (frame % 2) * 400, issues: [issues[frame % 3]!] }], 100);
    expect(play.model.phase).toMatchObject({ kind: 'unknown', reason: 'no-good-picture' });
  });

  it('asks for the second factor where two people are alike, and guesses neither', () => {
    const play = open();
    play.context = {
      ...play.context,
      recogniser: { anybodyEnrolled: () => true, identify: () => ({ kind: 'nobody', ambiguous: true }) },
    };
    expect(play.see([{ who: 0 }], 2_500).model.phase).toMatchObject({
      kind: 'unknown',
      reason: 'look-alike',
    });
    expect(play.touch('without-face').kind).toBe('lookup');
  });

  describe('with the passive check', () => {
    const standing = (passive: 'off' | 'warn' | 'require', odds: number | undefined) => {
      const play = open();
      play.context = { ...play.context, config: { ...play.context.config, passive } };
      return play.see([{ who: 0, ...(odds === undefined ? {} : { passive: odds }) }], 1_000);
    };

    it('greets a picture as anybody where it is off', () => {
      const { phase } = standing('off', 8).model;
      expect(phase.kind).toBe('greeted');
      expect(phase).not.toHaveProperty('doubt');
    });

    it('greets a picture where staff are to be warned, and notes it', () => {
      expect(standing('warn', 8).model.phase).toMatchObject({
        kind: 'greeted',
        doubt: { person: minji.id, why: 'picture' },
      });
      expect(standing('warn', -8).model.phase).not.toHaveProperty('doubt');
    });

    it('asks for telephone and PIN where it is required and a picture, or nothing, was seen', () => {
      for (const [odds, why] of [
        [0.1, 'picture'],
        [undefined, 'unchecked'],
      ] as const) {
        const play = standing('require', odds);
        expect(play.model.phase).toMatchObject({ kind: 'unknown', reason: 'doubted', doubt: { why } });
        expect(play.touch('without-face').kind).toBe('lookup');
      }
    });

    it('greets a person where it is required', () => {
      const { phase } = standing('require', -0.1).model;
      expect(phase).toMatchObject({ kind: 'greeted', person: minji });
      expect(phase).not.toHaveProperty('doubt');
    });

    it('goes by the mean of the frames', () => {
      const play = open();
      play.context = { ...play.context, config: { ...play.context.config, passive: 'require' } };
      play.see([{ who: 0, passive: 1 }], 100).see([{ who: 0, passive: -3 }], 600);
      expect(play.kind).toBe('greeted');
    });
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
    expect(play.model.phase).toMatchObject({ kind: 'looking', hint: null });
    play.see([{ who: 0, issues: ['too-dark'] }], 700);
    expect(play.model.phase).toMatchObject({ kind: 'looking', hint: 'too-dark' });
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

describe('looking, on a machine that needs seconds for a frame,', () => {
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
