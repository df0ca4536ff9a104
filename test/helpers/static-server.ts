import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { mediaType } from '../../src/sw/media-type.ts';

/** Serves a built kiosk, can have files laid over it, and can be unplugged. */
export class StaticServer {
  readonly #folder: string;
  readonly #headers: Readonly<Record<string, string>>;
  #overlay: ReadonlyMap<string, string> = new Map();
  #server: Server | null = null;
  #port = 0;

  /** @param headers sent with everything: the kiosk's security headers */
  constructor(folder: string, headers: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#headers = headers;
  }

  /** These files, by their path, instead of those of the folder. */
  lay(files: ReadonlyMap<string, string>): void {
    this.#overlay = files;
  }

  get address(): string {
    return `http://localhost:${this.#port}/`;
  }

  /** Listens, at the same address as before. */
  async plugIn(): Promise<void> {
    const server = createServer(async (request, response) => {
      const path =
        decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname.slice(1)) || 'index.html';
      const body = this.#overlay.get(path) ?? (await readFile(join(this.#folder, path)).catch(() => null));
      for (const [name, value] of Object.entries(this.#headers)) response.setHeader(name, value);
      response.setHeader('Content-Type', mediaType(path));
      response.statusCode = body === null ? 404 : 200;
      response.end(body ?? 'not found');
    });
    await new Promise<void>((resolve) => server.listen(this.#port, 'localhost', resolve));
    this.#port = (server.address() as { port: number }).port;
    this.#server = server;
  }

  async unplug(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  }
}
