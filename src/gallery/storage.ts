/** What the browser keeps for this kiosk. */
export interface StorageFacts {
  /** the browser has promised not to clear the gallery when disk space runs short */
  readonly persisted: boolean;
  readonly usedBytes: number;
  readonly quotaBytes: number;
}

/**
 * Asks the browser not to clear the gallery by itself. Some browsers ask the user, some decide alone.
 *
 * @returns whether it has promised; false too where it cannot
 */
export async function requestPersistence(
  storage: StorageManager | undefined = navigator.storage,
): Promise<boolean> {
  if (typeof storage?.persist !== 'function') return false;
  return (await storage.persisted()) || (await storage.persist());
}

/** For the staff's health view; null where the browser does not tell. */
export async function storageFacts(
  storage: StorageManager | undefined = navigator.storage,
): Promise<StorageFacts | null> {
  if (typeof storage?.estimate !== 'function') return null;
  const [{ usage = 0, quota = 0 }, persisted] = await Promise.all([storage.estimate(), storage.persisted()]);
  return { persisted, usedBytes: usage, quotaBytes: quota };
}
