import { errorMessage } from '@rounz/core/error-message.ts';
import { systemClock, wallTime } from '@rounz/core/time/clock.ts';
import { admit, RefusedRelease } from './admission.ts';
import { mediaType } from './media-type.ts';
import {
  type Answer,
  envelopeSchema,
  loaded,
  proven,
  type Question,
  type Release,
  taken,
  takenBack,
  type Versions,
} from './release.ts';
import { loadRelease, readFile, readRelease, readVersions, tidy, writeVersions } from './store.ts';

/**
 * The service worker: serves one version of the kiosk, whole, from its own store, with or without a network. This program
 * says which version that is, and changes seldom; the versions come and go beneath it.
 */
const worker = self as unknown as ServiceWorkerGlobalScope;
const base = worker.registration.scope;
const clock = systemClock;

/** The versions, cached. All changes go through `change`, so the cache is current. */
let serving: ReturnType<typeof read> | null = null;

async function read() {
  const versions = await readVersions();
  const release = versions.current === null ? null : await readRelease(versions.current);
  return {
    versions,
    files: new Map(release?.files.map(({ path, sha256 }) => [path, sha256])),
    headers: release?.headers ?? {},
  };
}

function served(): NonNullable<typeof serving> {
  serving ??= read();
  return serving;
}

async function change(next: (versions: Versions) => Versions): Promise<Versions> {
  const before = await readVersions();
  const after = next(before);
  if (after !== before) {
    await writeVersions(after);
    serving = null;
  }
  return after;
}

const pathOf = (url: string): string => {
  const { pathname } = new URL(url);
  return decodeURIComponent(pathname.slice(new URL(base).pathname.length)) || 'index.html';
};

async function answer(request: Request): Promise<Response> {
  const { files, headers } = await served();
  const path = pathOf(request.url);
  const sha256 = files.get(path);
  const kept = sha256 === undefined ? null : await readFile(sha256);
  return kept
    ? new Response(kept, { headers: { ...headers, 'Content-Type': mediaType(path) } })
    : fetch(request);
}

const pause = (seconds: number): Promise<void> =>
  new Promise((resolve) => clock.after(seconds * 1000, resolve));

/** Goes back from a version on trial that has not reported in time, and reloads its pages. */
async function watchTrial(): Promise<void> {
  const { versions } = await served();
  const { current, onTrial } = versions;
  if (!onTrial || current === null) return;
  await pause((await readRelease(current))?.trial ?? 60);
  const after = await change((now) => takenBack(now, current, wallTime(clock)));
  if (after.current === current) return;
  for (const client of await worker.clients.matchAll({ type: 'window' }))
    await (client as WindowClient).navigate(client.url).catch(() => null);
}

const releaseOf = async (version: string | null): Promise<Release | null> =>
  version === null ? null : readRelease(version);

async function check(models: readonly string[] | undefined): Promise<Versions> {
  const response = await fetch(new URL('version.json', base), { cache: 'no-store' });
  if (!response.ok) throw new Error(`version.json cannot be read (HTTP ${response.status}).`);
  const envelope = envelopeSchema.safeParse(await response.json());
  if (!envelope.success) throw new RefusedRelease('version.json has another form than this kiosk knows.');
  const versions = await readVersions();
  const [current, candidate] = await Promise.all([versions.current, versions.candidate].map(releaseOf));
  const release = await admit(envelope.data, {
    versions,
    current: current ?? null,
    candidate: candidate ?? null,
    now: wallTime(clock),
  });
  if (release === null) {
    // The kiosk may have been set up anew, with another recogniser. What the server no longer has stays on the network.
    for (const own of [current, candidate]) if (own) await loadRelease(own, base, models).catch(() => {});
    await tidy(versions, models);
    return versions;
  }
  await loadRelease(release, base, models);
  const after = await change((now) => loaded(now, release.version));
  await tidy(after, models);
  return after;
}

function act(question: Question): Promise<Versions> {
  switch (question.kind) {
    case 'status':
      return readVersions();
    case 'check':
      return check(question.models);
    case 'take':
      return change(taken);
    case 'works':
      // The asking page runs the version that is served.
      return change((versions) => (versions.current ? proven(versions, versions.current) : versions));
    default:
      return question satisfies never;
  }
}

/** Never rejects: a failure is part of the answer, and the served version stays. */
async function reply(question: Question): Promise<Answer> {
  try {
    return { versions: await act(question), problem: null };
  } catch (error) {
    return {
      versions: await readVersions(),
      problem: {
        kind: error instanceof RefusedRelease ? 'refused' : 'failed',
        message: errorMessage(error),
      },
    };
  }
}

worker.addEventListener('install', () => void worker.skipWaiting());
worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener('message', (event) => {
  const [port] = event.ports;
  if (port) event.waitUntil(reply(event.data as Question).then((said) => port.postMessage(said)));
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(base) || pathOf(request.url) === 'version.json')
    return;
  event.respondWith(answer(request));
  if (request.mode === 'navigate') event.waitUntil(watchTrial());
});
