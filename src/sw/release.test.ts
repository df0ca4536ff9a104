import { describe, expect, it } from 'vitest';
import { loaded, noVersions, proven, taken, takenBack } from './release.ts';

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

  it('go back from one that does not work, and refuse it from then on', () => {
    expect(takenBack(trial, 'two')).toMatchObject({ current: 'one', onTrial: false, refused: ['two'] });
    const good = proven(trial, 'two');
    expect(takenBack(good, 'two')).toBe(good);
    expect(takenBack(first, 'one')).toBe(first);
  });
});
