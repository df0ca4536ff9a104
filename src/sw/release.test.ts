import { describe, expect, it } from 'vitest';
import {
  loaded,
  neededFiles,
  noVersions,
  proven,
  type Release,
  releaseSchema,
  taken,
  takenBack,
  versionsSchema,
} from './release.ts';

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

  it('remember those that were taken back no longer than they are let alone', () => {
    let versions = first;
    for (let day = 0; day < 100; day++) {
      const bad = `bad ${day}`;
      versions = takenBack(taken(loaded(versions, bad)), bad, day * 86_400_000);
      expect(versions.current).toBe('one');
    }
    expect(versions.refused).toEqual([{ version: 'bad 99', at: 99 * 86_400_000 }]);
  });

  it('read the notes of earlier programs', () => {
    const notes = { current: 'one', previous: null, candidate: null, onTrial: false, refused: ['two'] };
    expect(versionsSchema.parse(notes).refused).toEqual([{ version: 'two', at: 0 }]);
  });
});

describe('neededFiles', () => {
  const file = (path: string, models?: string[]) => ({
    path,
    bytes: 1,
    sha256: 'a'.repeat(64),
    ...(models ? { models } : {}),
  });
  const release: Release = releaseSchema.parse({
    format: 1,
    version: '0'.repeat(16),
    trial: 60,
    files: [file('index.html'), file('models/b/w.bin', ['big']), file('models/s/w.bin', ['small', 'tiny'])],
  });
  const paths = (models: readonly string[] | undefined) =>
    neededFiles(release, models).map(({ path }) => path);

  it('leaves out the recognisers that this kiosk does not use', () => {
    expect(paths(['big'])).toEqual(['index.html', 'models/b/w.bin']);
    expect(paths(['tiny'])).toEqual(['index.html', 'models/s/w.bin']);
    expect(paths(['big', 'small'])).toEqual(release.files.map(({ path }) => path));
  });

  it('takes everything where the recogniser is not known or not of this version', () => {
    for (const models of [undefined, [], ['gone']])
      expect(paths(models)).toEqual(release.files.map(({ path }) => path));
  });
});
