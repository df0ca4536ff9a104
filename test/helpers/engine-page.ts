import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'vite';

/** An address that serves one script to an empty page, isolated as the kiosk is: for driving the engine without screens. */
export interface EnginePage {
  readonly address: string;
  close(): Promise<void>;
}

const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

async function bundle(entry: string): Promise<ReadonlyMap<string, string>> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      target: 'es2023',
      lib: { entry, formats: ['es'], fileName: 'entry' },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) =>
    'output' in one ? one.output : [],
  );
  return new Map(outputs.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code]] : [])));
}

/** @param entry absolute path of a TypeScript module, which puts on `window` what the test calls */
export async function serveEngine(entry: string): Promise<EnginePage> {
  const scripts = await bundle(entry);
  const first = [...scripts.keys()].find((name) => name.startsWith('entry'))!;
  const page = `<!doctype html><title>engine</title><script type="module" src="/${first}"></script>`;
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
