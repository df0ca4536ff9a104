import { describe, expect, it } from 'vitest';
import { open } from '../../../../test/kiosk/play.ts';

describe('the out-of-order phase', () => {
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
});
