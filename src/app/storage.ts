import type { HealthState } from '../state/engine/health.ts';
import type { Kiosk } from '../state/kiosk.ts';

/**
 * Asks the browser never to clear our records by itself. It may say no, which the health view then shows, and yes another time:
 * Chromium asks nobody and goes by how the site is used and whether it is installed, others ask whoever stands there. So it is
 * asked at each start and each time staff open their console.
 */
export function protectStorage({ consoleLock }: Kiosk): void {
  const ask = () => void navigator.storage?.persist?.().catch(() => {});
  ask();
  consoleLock.store.subscribe((now, before) => {
    if (now.kind === 'open' && before.kind !== 'open') ask();
  });
}

/** Storage used and granted, or null if the browser does not tell (no secure context). */
export async function storageState(): Promise<HealthState['storage']> {
  if (!navigator.storage?.estimate) return null;
  const [persisted, { usage = 0, quota = 0 }] = await Promise.all([
    navigator.storage.persisted(),
    navigator.storage.estimate(),
  ]);
  return { persisted, usedBytes: usage, quotaBytes: quota };
}
