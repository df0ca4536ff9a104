/** Runs in the page before the kiosk does: lets a test break what the kiosk has from the browser. */
export interface BreakableWindow {
  readonly broken: {
    /** what the next `getUserMedia` does */
    camera: 'there' | 'gone' | 'refused' | 'silent';
    /** takes the camera away, or its permission */
    unplug(how: 'gone' | 'refused' | 'silent'): void;
    plugIn(): void;
    /** React cannot mount a mirror any more */
    breakScreen(): void;
    mendScreen(): void;
    /** uncaught errors: one now and one in each further second, until `errors` is 0 */
    throwErrors(count: number): void;
  };
}

export function breakableInPage(): void {
  const streams = new Set<MediaStream>();
  const { mediaDevices } = navigator;
  const ask = mediaDevices.getUserMedia.bind(mediaDevices);
  const video = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject')!;
  const broken: BreakableWindow['broken'] = {
    camera: 'there',
    unplug(how) {
      broken.camera = how;
      for (const stream of streams)
        for (const track of stream.getTracks()) {
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }
      streams.clear();
    },
    plugIn() {
      broken.camera = 'there';
      mediaDevices.dispatchEvent(new Event('devicechange'));
    },
    breakScreen() {
      Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
        ...video,
        set() {
          throw new Error('injected: no video can be drawn');
        },
      });
    },
    mendScreen: () => Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', video),
    throwErrors(count) {
      for (let i = 0; i < count; i++)
        setTimeout(() => {
          throw new Error('injected: nobody catches this');
        }, 100 * i);
    },
  };
  mediaDevices.getUserMedia = async (wanted) => {
    if (broken.camera === 'gone') throw new DOMException('injected: unplugged', 'NotFoundError');
    if (broken.camera === 'refused') throw new DOMException('injected: refused', 'NotAllowedError');
    if (broken.camera === 'silent') return new Promise(() => {});
    const stream = await ask(wanted);
    streams.add(stream);
    return stream;
  };
  Object.assign(window, { broken });
}
