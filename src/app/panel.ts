import type { Kiosk } from '../state/kiosk-types.ts';
import { enlargementFor } from '../ui/theme/panel.ts';

/** Enlarges the text so that the smallest is as high as the kiosk rules ask. Changes nothing while the screen's size is unknown. */
export function fitPanel({ settings }: Pick<Kiosk, 'settings'>): void {
  const enlarge = () => {
    const { inches } = settings.store.getState().inForce.screen;
    const { innerWidth: width, innerHeight: height } = window;
    const { style } = document.documentElement;
    if (inches === null) style.removeProperty('--panel');
    else style.setProperty('--panel', String(enlargementFor({ inches, width, height })));
  };
  enlarge();
  settings.store.subscribe(enlarge);
}
