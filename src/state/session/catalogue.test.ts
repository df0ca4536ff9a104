import { describe, expect, it } from 'vitest';
import { createCatalogue } from './catalogue.ts';

const frame = {
  id: 'a1',
  name: { ko: '하나', en: 'One' },
  detail: { ko: '검정', en: 'Black' },
  kind: 'optical',
  price: 1_000,
  picture: 'a1.svg',
};

describe('the catalogue', () => {
  const open = async (read: () => Promise<unknown>) => {
    const errors: string[] = [];
    const catalogue = createCatalogue('/catalogue/', read, (message) => errors.push(message));
    await catalogue.open();
    return { state: catalogue.store.getState(), errors };
  };

  it('is open with the frames of its file', async () => {
    const { state, errors } = await open(async () => ({ format: 1, frames: [frame] }));
    expect(state).toEqual({ kind: 'open', frames: [frame] });
    expect(errors).toEqual([]);
  });

  it('tells staff each fault of a broken file with its place, and what to do', async () => {
    const { state, errors } = await open(async () => ({ format: 1, frames: [{ ...frame, price: 'free' }] }));
    expect(state).toEqual({
      kind: 'failed',
      faults: [expect.stringContaining('frame 1 (a1), price is "free"')],
    });
    expect(errors).toEqual([expect.stringMatching(/frame 1 \(a1\), price.*npm run catalogue/)]);
  });

  it('says why a file cannot be read', async () => {
    const { state, errors } = await open(async () => JSON.parse('{"format": 1,}'));
    expect(state).toMatchObject({ kind: 'failed' });
    expect(errors[0]).toContain('catalogue.json cannot be read');
  });
});
