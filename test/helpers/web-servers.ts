import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const GUIDE = join(ROOT, 'docs/operations.md');
/** Debian's packages unpacked, where the server itself is not installed. */
const UNPACKED = join(ROOT, '.cache/servers');

/** What the guide's blocks name and a test serves in its place. */
const IN_THE_GUIDE = { root: '/srv/kiosk/dist', host: 'kiosk.example.com', certificates: '/etc/ssl/kiosk' };

/** @returns the code block of that language, as `docs/operations.md` has it */
export function guideBlock(language: string): string {
  const block = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(readFileSync(GUIDE, 'utf8'))?.[1];
  if (!block) throw new Error(`${GUIDE} has no block of ${language}.`);
  return block;
}

export interface WebServer {
  /** with a slash at its end */
  readonly address: string;
  stop(): void;
}

/** A server that is not here and could not be had; the message says why. */
export class NotHere extends Error {}

const quietly = (command: string, args: readonly string[], cwd: string): boolean => {
  try {
    execFileSync(command, args, { cwd, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Debian's packages are unpacked and not installed: an installed server would start to listen. */
function unpack(packages: readonly string[]): void {
  mkdirSync(UNPACKED, { recursive: true });
  const download = () => quietly('apt-get', ['download', '-qq', ...packages], UNPACKED);
  if (!download() && !(quietly('apt-get', ['update', '-qq'], UNPACKED) && download()))
    throw new NotHere(`apt-get cannot download ${packages.join(', ')} here`);
  for (const file of readdirSync(UNPACKED).filter((name) => name.endsWith('.deb'))) {
    execFileSync('dpkg-deb', ['-x', file, UNPACKED], { cwd: UNPACKED });
    rmSync(join(UNPACKED, file));
  }
}

/** @returns where the packages' files lie: `/` where they are installed */
function filesOf(program: string, packages: readonly string[]): string {
  for (const folder of ['/', UNPACKED]) if (existsSync(join(folder, program))) return folder;
  if (!existsSync('/usr/bin/apt-get')) throw new NotHere(`neither /${program} nor apt-get is here`);
  unpack(packages);
  return UNPACKED;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const answers = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const request = get(address, { rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(true);
    });
    request.on('error', () => resolve(false));
  });

async function up(child: ChildProcess, address: string): Promise<WebServer> {
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      said += chunk;
    });
  const stop = () => void child.kill('SIGTERM');
  const until = Date.now() + 30_000;
  while (Date.now() < until && child.exitCode === null) {
    if (await answers(address)) return { address, stop };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  stop();
  throw new Error(`The server does not answer at ${address}. It says:\n${said}`);
}

/** A certificate that nobody has signed; the browser of the test is told to take it. */
function certify(folder: string): void {
  const names = ['-keyout', join(folder, 'privkey.pem'), '-out', join(folder, 'fullchain.pem')];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  if (!quietly('openssl', [...args, '-subj', '/CN=localhost', '-days', '2', ...names], folder))
    throw new NotHere('openssl, which makes the test’s certificate, is not here');
}

/** The guide's block between what Debian's `nginx.conf` has around it. */
function nginxConfiguration(
  folder: string,
  mimeTypes: string,
  ports: { http: number; https: number },
): string {
  const block = guideBlock('nginx')
    .replaceAll(IN_THE_GUIDE.root, join(ROOT, 'dist'))
    .replaceAll(IN_THE_GUIDE.host, 'localhost')
    .replaceAll(IN_THE_GUIDE.certificates, folder)
    .replace('listen 80;', `listen 127.0.0.1:${ports.http};`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${ports.https} ssl;`);
  const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (what) => `${what}_temp_path ${folder};`,
  );
  writeFileSync(join(folder, 'mime.types'), readFileSync(mimeTypes));
  return [
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    `daemon off; pid ${join(folder, 'pid')}; error_log stderr;`,
    'events {}',
    `http { ${kept.join(' ')} access_log off; include mime.types; default_type application/octet-stream;`,
    block,
    '}',
  ].join('\n');
}

/**
 * nginx, Debian's, with the guide's block; it serves `dist`.
 *
 * @throws NotHere
 */
export async function startNginx(folder: string): Promise<WebServer> {
  const files = filesOf('usr/sbin/nginx', ['nginx', 'nginx-common']);
  certify(folder);
  const ports = { http: await freePort(), https: await freePort() };
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, nginxConfiguration(folder, join(files, 'etc/nginx/mime.types'), ports));
  const child = spawn(join(files, 'usr/sbin/nginx'), ['-p', folder, '-c', file]);
  return up(child, `https://localhost:${ports.https}/`);
}

/**
 * Caddy, Debian's, with the guide's block; it serves `dist`, with a certificate that Caddy makes itself.
 *
 * @throws NotHere
 */
export async function startCaddy(folder: string): Promise<WebServer> {
  const files = filesOf('usr/bin/caddy', ['caddy']);
  const port = await freePort();
  const block = guideBlock('caddy')
    .replace(IN_THE_GUIDE.host, `localhost:${port}`)
    .replaceAll(IN_THE_GUIDE.root, join(ROOT, 'dist'));
  const file = join(folder, 'Caddyfile');
  writeFileSync(file, `{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n${block}`);
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const child = spawn(join(files, 'usr/bin/caddy'), ['run', '--config', file, '--adapter', 'caddyfile'], {
    env,
  });
  return up(child, `https://localhost:${port}/`);
}
