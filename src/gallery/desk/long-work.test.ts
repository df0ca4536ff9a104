import 'fake-indexeddb/auto';
import { describe, expect, it, vi } from 'vitest';
import { gallery, reopen, who, withGallery } from '../test-gallery.ts';
import { newPerson, running, template } from '../test-people.ts';

withGallery();

describe('work on everybody', () => {
  async function enrolMany(count: number): Promise<void> {
    for (let i = 0; i < count; i++)
      await gallery.enrol({ ...newPerson(`p${i}`, i + 1), templates: [template(i + 1)] });
  }
  const stopAt = (share: number) => {
    const stopper = new AbortController();
    const onProgress = (done: number) => done >= share && stopper.abort();
    return [onProgress, stopper.signal] as const;
  };

  it('says what it needs before it begins, and refuses what there is no room for', async () => {
    await enrolMany(3);
    const file = await gallery.staff.backup('correct horse battery');
    const few = { seconds: expect.any(Number), bytes: 3 * 8192, freeBytes: null };
    expect(await gallery.staff.rekeyNeeds()).toEqual(few);
    expect((await gallery.staff.previewBackup(file, 'correct horse battery')).needs).toEqual(few);
    vi.stubGlobal('navigator', { storage: { estimate: async () => ({ usage: 900, quota: 1000 }) } });
    expect(await gallery.staff.rekeyNeeds()).toMatchObject({ freeBytes: 100 });
    const full = { code: 'full', message: expect.stringMatching(/1 MB left/) };
    await expect(gallery.staff.rekey()).rejects.toMatchObject(full);
    await expect(gallery.staff.restore(file, 'correct horse battery', 'replace')).rejects.toMatchObject(full);
    vi.unstubAllGlobals();
    expect(who(1)).not.toBeNull();
  });

  it('gives way to the screen, so that its progress is seen and a button stops it', async () => {
    await enrolMany(200);
    const passphrase = 'correct horse battery';
    const file = await gallery.staff.backup(passphrase);
    /** A touch comes between two tasks of the browser, and never within one. */
    const touchAfter = (share: number) => {
      const stopper = new AbortController();
      const onProgress = (done: number) => void (done > share && setImmediate(() => stopper.abort()));
      return [onProgress, stopper.signal] as const;
    };
    const stopped = { code: 'stopped' };
    await expect(
      gallery.staff.restore(file, passphrase, 'replace', ...touchAfter(0.5)),
    ).rejects.toMatchObject(stopped);
    await expect(gallery.staff.rekey(...touchAfter(0.1))).rejects.toMatchObject(stopped);
  });

  it('is stopped without loss until it begins to write, and can be begun again', async () => {
    await enrolMany(70);
    const before = (await gallery.staff.people()).people;
    const file = await gallery.staff.backup('correct horse battery');
    const stopped = { code: 'stopped' };
    const passphrase = 'correct horse battery';
    for (const share of [0.1, 0.9, 0.99]) {
      await expect(gallery.staff.rekey(...stopAt(share))).rejects.toMatchObject(stopped);
      await expect(
        gallery.staff.restore(file, passphrase, 'replace', ...stopAt(share)),
      ).rejects.toMatchObject(stopped);
    }
    await expect(gallery.staff.backup(passphrase, ...stopAt(0.1))).rejects.toMatchObject(stopped);
    expect((await gallery.staff.people()).people).toEqual(before);
    await reopen();
    await gallery.matcher.setModel(running);
    expect(who(1)).not.toBeNull();
    await gallery.staff.rekey(...stopAt(1));
    await gallery.staff.restore(file, passphrase, 'replace', ...stopAt(1));
    expect((await gallery.staff.people()).people).toHaveLength(70);
    expect(who(70)).not.toBeNull();
  });
});
