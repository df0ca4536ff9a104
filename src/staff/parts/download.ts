import type { Clock } from '@rounz/core/time/clock.ts';

/** Saves a file through the browser's download. */
export function download(file: Blob, name: string, clock: Clock): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has read the file by then. The bytes stay in memory until the address is revoked.
  clock.after(60_000, () => URL.revokeObjectURL(address));
}

/** `rounz-backup-2026-11-25.rounz`, by this kiosk's calendar. */
export function dated(stem: string, ending: string, clock: Clock): string {
  const now = new Date(clock.date());
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  return `${stem}-${day.map((part) => String(part).padStart(2, '0')).join('-')}.${ending}`;
}
