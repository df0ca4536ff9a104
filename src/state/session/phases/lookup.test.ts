import { describe, expect, it } from 'vitest';
import { lookUp, open, page } from '../../../../test/kiosk/play.ts';
import { wanted } from '../machine.ts';
import { sessionConfig as config } from '../model/config.ts';

describe('the look-up phase', () => {
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
    expect(wanted(play.model.phase, config)).toBe('faces-slowly');
    play.send({ type: 'looked-up', result: { kind: 'found', page }, at: play.at });
    expect(play.model.phase).toMatchObject({ kind: 'page', way: 'telephone' });
    expect(wanted(play.model.phase, config)).toBe('faces-slowly');
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
