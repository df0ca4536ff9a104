import type { Clock } from '@rounz/core/time/clock.ts';
import type { SessionModel } from '../state/session/model/types.ts';
import type { Answer, Question, Versions } from '../sw/release.ts';

/** When a new version may be taken. Times in milliseconds. */
export const UPDATE = {
  /** between two checks for a new version */
  checkEvery: 3_600_000,
  /** between two checks for a good moment to take it */
  tryEvery: 5_000,
  /** how long the service worker may take for an answer; it may be loading a whole version */
  answerWithin: 300_000,
  /** how long the attract screen must have been idle, by day and by night */
  idle: { day: 120_000, night: 10_000, soon: 2_000 },
  /** from, to: hours of the kiosk's local time in which the shop is closed */
  night: [2, 5],
} as const;

/**
 * Whether the kiosk may reload now. It never reloads while somebody is served or has just been served.
 *
 * @param idleFor milliseconds since the attract screen was last touched; null on another screen
 * @param hour 0..23, local
 * @param soon the installer does not wait for the night
 * @param closed by the shop's opening hours
 */
export function mayRestart(idleFor: number | null, hour: number, soon = false, closed = false): boolean {
  if (idleFor === null) return false;
  const [from, to] = UPDATE.night;
  const night = closed || (hour >= from && hour < to);
  return idleFor >= UPDATE.idle[soon ? 'soon' : night ? 'night' : 'day'];
}

/** The page's connection to the service worker. */
export interface Versioning {
  ask(question: Question): Promise<Answer>;
}

/** @returns null where the browser has no service worker (an insecure address, a private window) */
export async function registerVersioning(clock: Clock): Promise<Versioning | null> {
  if (!navigator.serviceWorker) return null;
  const address = new URL('sw.js', document.baseURI);
  const registration = await navigator.serviceWorker.register(address, { updateViaCache: 'none' });
  await navigator.serviceWorker.ready;
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        const { port1, port2 } = new MessageChannel();
        const cancel = clock.after(UPDATE.answerWithin, () =>
          reject(new Error('The service worker does not answer.')),
        );
        port1.onmessage = ({ data }: MessageEvent<Answer>) => {
          cancel();
          port1.close();
          resolve(data);
        };
        registration.active?.postMessage(question, [port2]);
      }),
  };
}

export interface UpdaterDeps {
  readonly versioning: Versioning;
  readonly clock: Clock;
  /** local hour, 0..23 */
  readonly hour: () => number;
  readonly soon?: boolean;
  /** whether the shop is closed now, by the hours that it has set up; absent: no hours are known */
  readonly closed?: () => boolean;
  readonly session: {
    getState(): SessionModel;
    subscribe(listener: (now: SessionModel, before: SessionModel) => void): () => void;
  };
  /** names of the recognisers that this kiosk uses, asked once it runs; undefined: not known */
  readonly models?: () => readonly string[] | undefined;
  readonly onVersions: (versions: Versions) => void;
  readonly onProblem: (message: string) => void;
  readonly reload: () => void;
}

/** Keeps the kiosk on the newest version that works. Call the result to stop. */
export function runUpdater(deps: UpdaterDeps): () => void {
  const { clock, session, versioning } = deps;
  let idleSince = clock.now();
  let checkedAt = Number.NEGATIVE_INFINITY;
  let proven = false;
  let cancel = () => {};

  const ask = async (question: Question): Promise<Versions> => {
    const { versions, problem } = await versioning.ask(question);
    deps.onVersions(versions);
    // Without a network there is no newer version; this is usual for a kiosk that is offline.
    if (problem?.kind === 'refused') deps.onProblem(problem.message);
    return versions;
  };
  const works = ({ systems }: SessionModel) =>
    systems.engine.kind === 'ready' && systems.gallery.kind === 'ready';

  async function turn(): Promise<void> {
    const model = session.getState();
    if (!proven && works(model)) {
      proven = true;
      await ask({ kind: 'works' });
    }
    const now = clock.now();
    const idleFor = model.phase.kind === 'attract' && model.faceCount === 0 ? now - idleSince : null;
    if (proven && now - checkedAt >= UPDATE.checkEvery) {
      checkedAt = now;
      await ask({ kind: 'check', models: deps.models?.() });
    }
    const { candidate } = await ask({ kind: 'status' });
    if (candidate === null || !mayRestart(idleFor, deps.hour(), deps.soon, deps.closed?.())) return;
    await ask({ kind: 'take' });
    // Somebody may have stepped up while the worker answered.
    deps.reload();
  }
  const loop = () => {
    void turn()
      .catch(() => {})
      .finally(() => {
        cancel = clock.after(UPDATE.tryEvery, loop);
      });
  };
  const unsubscribe = session.subscribe((now, before) => {
    if (now.phase.kind !== before.phase.kind || now.faceCount !== before.faceCount) idleSince = clock.now();
  });
  loop();
  return () => {
    unsubscribe();
    cancel();
  };
}
