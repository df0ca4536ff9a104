import { enlargementFor } from '../ui/theme/panel.ts';

/** Makes the smallest text as high on this screen as the kiosk rules ask. Without a known size nothing changes. */
export function fitPanel(inches: number | undefined): void {
  if (inches === undefined) return;
  const { innerWidth: width, innerHeight: height } = window;
  document.documentElement.style.setProperty('--panel', String(enlargementFor({ inches, width, height })));
}
