import { describe, expect, it } from 'vitest';
import { minji, Play } from '../../../../test/kiosk/play.ts';

describe('the starting phase', () => {
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
});
