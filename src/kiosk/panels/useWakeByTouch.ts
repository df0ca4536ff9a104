import { useEffect } from 'react';
import { useKiosk } from '../../state/react.ts';

/** What has a use of its own when it is touched. */
const CONTROLS = 'a, button, input, dialog';

const onControl = ({ target }: Event): boolean =>
  target instanceof Element && target.closest(CONTROLS) !== null;

/** A touch anywhere, or Enter or Space where nothing else would hear it, says that somebody wants to begin. */
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
