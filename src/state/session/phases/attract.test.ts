import { describe, expect, it } from 'vitest';
import { open } from '../../../../test/kiosk/play.ts';

describe('the attract phase', () => {
  it('stays at rest for a face far away', () => {
    expect(open().see([{ width: 20 }], 3_000).kind).toBe('attract');
  });
});
