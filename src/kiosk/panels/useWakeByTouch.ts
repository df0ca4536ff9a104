import { useEffect } from 'react';
import { useKiosk } from '../../state/react.ts';

/** Elements that react to a touch themselves. */
const CONTROLS = 'a, button, input, dialog';

const onControl = ({ target }: Event): boolean =>
  target instanceof Element && target.closest(CONTROLS) !== null;

/** Starts a visit on a touch anywhere, or on Enter or Space if no control has the focus. */
export function useWakeByTouch(): void {
  const { session } = useKiosk();
  useEffect(() => {
    const off = new AbortController();
    const { signal } = off;
    document.addEventListener('click', (event) => !onControl(event) && session.touch('wake'), { signal });
    document.addEventListener(
      'keydown',
      (event) => {
        if ((event.key === 'Enter' || event.key === ' ') && !onControl(event)) session.touch('wake');
      },
      { signal },
    );
    return () => off.abort();
  }, [session]);
}
