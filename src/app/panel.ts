import { enlargementFor } from '../ui/theme/panel.ts';

/** Enlarges the text so that the smallest is as high as the kiosk rules ask. Does nothing if the screen's size is unknown. */
export function fitPanel(inches: number | undefined): void {
  if (inches === undefined) return;
  const { innerWidth: width, innerHeight: height } = window;
  document.documentElement.style.setProperty('--panel', String(enlargementFor({ inches, width, height })));
}
