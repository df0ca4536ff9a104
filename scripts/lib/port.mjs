import { createServer } from 'node:net';

const DEFAULT_PORT = 4173;

/**
 * @param {string | undefined} asked PORT, as it was given
 * @returns {number}
 * @throws {Error} where it is no port
 */
export function wantedPort(asked) {
  if (!asked) return DEFAULT_PORT;
  const port = Number(asked);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`PORT is ${asked}; it takes a whole number from 1 to 65535.`);
  return port;
}

/**
 * Refuses a port on which something listens. The kiosk does not take another port instead: enrolled people are stored for one
 * address, and at another one nobody would be known.
 *
 * @param {number} port
 * @throws {Error} that says why the kiosk does not move to another port by itself
 */
export async function requireFreePort(port) {
  const taken = await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(true));
    server.listen(port, 'localhost', () => server.close(() => resolve(false)));
  });
  if (!taken) return;
  throw new Error(
    `Port ${port} is taken: another program, perhaps this kiosk already, listens there. The kiosk does not move to another ` +
      'port by itself, for the browser keeps enrolled people under the address, port included: at another one the kiosk is ' +
      `empty. End that program, or choose a port once and for all: PORT=${port === DEFAULT_PORT ? 4180 : DEFAULT_PORT} npm start`,
  );
}

/** @returns {Promise<number>} a port that nobody listens on: a fixed one may be another checkout's */
export const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, 'localhost', () => {
      const port = portOf(server);
      server.close(() => resolve(port));
    });
  });

/** @param {import('node:net').Server} server one that listens on a port */
export function portOf(server) {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
}
