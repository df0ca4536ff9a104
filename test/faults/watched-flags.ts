/** Chromium under a watcher: without a screen, with a fake camera, and with a port through which the test looks at its page. */
export const WATCHED_FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--remote-debugging-port=0',
];
