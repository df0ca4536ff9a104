import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundle } from './bundle.ts';

/** An address that serves one script to an empty page, isolated as the kiosk is: for driving the engine without screens. */
export interface EnginePage {
  readonly address: string;
  close(): Promise<void>;
}

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** @param module absolute path of a TypeScript module, which puts on `window` what the test calls */
export async function serveEngine(module: string): Promise<EnginePage> {
  const { entry, scripts } = await bundle(module);
  const page = `<!doctype html><title>engine</title><script type="module" src="/${entry}"></script>`;
  const server: Server = createServer((request, response) => {
    const script = scripts.get((request.url ?? '/').slice(1));
    response.writeHead(200, {
      ...ISOLATED,
      'Content-Type': script === undefined ? 'text/html; charset=utf-8' : 'text/javascript; charset=utf-8',
    });
    response.end(script ?? page);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
