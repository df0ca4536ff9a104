import type { HealthState } from '../state/health.ts';

/** Asks the browser never to clear our records by itself; it may say no, which the health view then shows. */
export async function protectStorage(): Promise<void> {
  await navigator.storage?.persist?.();
}

/** What the browser keeps for this kiosk, or null where it does not tell (no secure context). */
export async function storageState(): Promise<HealthState['storage']> {
  if (!navigator.storage?.estimate) return null;
  const [persisted, { usage = 0, quota = 0 }] = await Promise.all([
    navigator.storage.persisted(),
    navigator.storage.estimate(),
  ]);
  return { persisted, usedBytes: usage, quotaBytes: quota };
}
