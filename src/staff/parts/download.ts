/** Saves a file through the browser's download. */
export function download(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has read the address by then. The bytes stay in memory until it is revoked.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** `rounz-backup-2026-11-25.rounz`, by this kiosk's calendar. */
export function dated(stem: string, ending: string, now = new Date()): string {
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  return `${stem}-${day.map((part) => String(part).padStart(2, '0')).join('-')}.${ending}`;
}
