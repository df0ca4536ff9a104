import { describe, expect, it } from 'vitest';
import { open } from '../../../../test/kiosk/play.ts';

describe('the suspended phase', () => {
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
