import type { FrameSource } from '../../camera/types.ts';
import type { KioskSettings } from './settings.ts';

/** Opens the camera that was set up once it is known which, and takes another one when that is set up. The result ends it. */
export function followCamera(source: FrameSource, { store }: KioskSettings, secure: boolean): () => void {
  let started = false;
  const follow = () => {
    const { known, inForce } = store.getState();
    if (!known || !secure) return;
    const { label, nth, rotation } = inForce.camera;
    source.use({ label, nth, rotation });
    if (started) return;
    started = true;
    void source.start();
  };
  follow();
  return store.subscribe(follow);
}
