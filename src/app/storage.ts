import type { HealthState } from '../state/engine/health.ts';
import type { Kiosk } from '../state/kiosk-types.ts';

/**
 * Asks the browser never to clear our records by itself. The answer may change: Chromium decides by how the site is used and
 * whether it is installed; other browsers ask the user. So the kiosk asks at each start and each time staff open their console,
 * and the health view shows a refusal.
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
