import { describe, expect, it } from 'vitest';
import { loaded, noVersions, proven, taken, takenBack, versionsSchema } from './release.ts';

describe('versions', () => {
  const first = loaded(noVersions, 'one');
  const waiting = loaded(first, 'two');
  const trial = taken(waiting);

  it('serve the first one at once and let a later one wait', () => {
    expect(first).toMatchObject({ current: 'one', candidate: null, onTrial: false });
    expect(waiting).toMatchObject({ current: 'one', candidate: 'two', onTrial: false });
  });

  it('take a waiting one on trial and keep the one before', () => {
    expect(trial).toMatchObject({ current: 'two', previous: 'one', candidate: null, onTrial: true });
    expect(taken(first)).toBe(first);
  });

  it('end the trial by the word of that version alone', () => {
    expect(proven(trial, 'one')).toBe(trial);
    expect(proven(trial, 'two')).toMatchObject({ current: 'two', onTrial: false });
  });

  it('go back from one that does not work, and note when', () => {
    const back = takenBack(trial, 'two', 1000);
    expect(back).toMatchObject({ current: 'one', onTrial: false, refused: [{ version: 'two', at: 1000 }] });
    expect(takenBack(taken(loaded(back, 'two')), 'two', 2000).refused).toEqual([
      { version: 'two', at: 2000 },
    ]);
    const good = proven(trial, 'two');
    expect(takenBack(good, 'two', 1000)).toBe(good);
    expect(takenBack(first, 'one', 1000)).toBe(first);
  });

  it('read the notes of earlier programs', () => {
    const notes = { current: 'one', previous: null, candidate: null, onTrial: false, refused: ['two'] };
    expect(versionsSchema.parse(notes).refused).toEqual([{ version: 'two', at: 0 }]);
  });
});
