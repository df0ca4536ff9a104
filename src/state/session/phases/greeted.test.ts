import { describe, expect, it } from 'vitest';
import { open } from '../../../../test/kiosk/play.ts';
import { sessionConfig as config } from '../model/config.ts';

describe('the greeted phase', () => {
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
