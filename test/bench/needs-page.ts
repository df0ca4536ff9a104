import type { Needs } from '../../src/gallery/contract/backup.ts';
import { openGallery } from '../../src/gallery/gallery.ts';
import { backupOf, modelOf, NO_MODEL, PASSPHRASE } from './people-page.ts';

/** Runs in the browser, on the engine that the kiosk runs: what `needs.ts` beside it measures. */
const PIN = '482915';

/** What long work said before it began, and what it took. Milliseconds. */
export interface Held {
  readonly said: number;
  readonly took: number;
  /** from the last moment at which it could be stopped */
  readonly writing: number;
}

async function held(
  { seconds }: Needs,
  work: (onProgress: (share: number) => void) => Promise<unknown>,
): Promise<Held> {
  const began = performance.now();
  let about = began;
  await work((share) => {
    if (share < 1) about = performance.now();
  });
  const ended = performance.now();
  return { said: seconds * 1000, took: ended - began, writing: ended - about };
}

/** A restore into an empty gallery, then new keys for everybody. */
async function measure(count: number): Promise<{ readonly restore: Held; readonly rekey: Held }> {
  const file = await backupOf(count, NO_MODEL);
  const engine = await openGallery({ name: 'bench-needs', rounds: 1000 });
  await engine.matcher.setModel(modelOf(NO_MODEL));
  await engine.lock.setPin(PIN);
  const { needs } = await engine.staff.previewBackup(file, PASSPHRASE);
  await engine.lock.confirm(PIN);
  const restore = await held(needs, (on) => engine.staff.restore(file, PASSPHRASE, 'merge', on));
  await engine.lock.confirm(PIN);
  const rekey = await held(await engine.staff.rekeyNeeds(), (on) => engine.staff.rekey(on));
  engine.close();
  return { restore, rekey };
}

const needsBench = { measure };
declare global {
  interface Window {
    needsBench: typeof needsBench;
  }
}
window.needsBench = needsBench;
