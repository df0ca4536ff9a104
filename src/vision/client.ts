import type { AlignedCrop } from '@rounz/core/image.ts';
import type { EmbeddingRole } from '@rounz/core/model/embedder.ts';
import type { Clock } from '@rounz/core/time/clock.ts';
import { transfer } from 'comlink';
import { VISION } from './config.ts';
import { VisionError, visionError } from './errors.ts';
import { withSeen } from './face-report.ts';
import { createLink, type EngineWorker, type Link, type LinkDeps } from './link.ts';
import type { FrameReport, PassiveState, VisionEngine, VisionOptions, VisionPart } from './protocol.ts';

export interface ClientDeps extends Pick<LinkDeps, 'config'> {
  readonly startWorker: (name: string) => EngineWorker;
  /** against which relative addresses are resolved: the worker's own address lies elsewhere */
  readonly baseUrl: () => string;
  /** logical processors; from two on one worker detects while another embeds */
  readonly cores: () => number;
}

/** Where the detector and its backend lie. */
export type DetectorPlaces = Pick<VisionOptions, 'detectorUrl' | 'wasmUrl'>;

const BROWSER: ClientDeps = {
  startWorker: (name) => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name }),
  baseUrl: () => document.baseURI,
  cores: () => navigator.hardwareConcurrency ?? 1,
  config: VISION,
};

/** How the GPU was lost on this page; later engines start without it. */
let gpuLoss: string | undefined;

/** Lets one after the other in, in the order in which they came. */
function createTurn(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve();
  return async () => {
    const before = last;
    let leave = () => {};
    last = new Promise((resolve) => {
      leave = resolve;
    });
    await before;
    return leave;
  };
}

/**
 * The page's end of the engine: starts its workers, hands over frames, and replaces a worker that broke down or hung. A lost
 * GPU is reported as `gpu-lost`; the next `start`, of this or a further engine, then takes WASM.
 *
 * @param ahead brings the detector up at once where it has a worker of its own: it is the same with every recogniser
 */
export function createVisionEngine(
  clock: Clock,
  deps: ClientDeps = BROWSER,
  ahead?: DetectorPlaces,
): VisionEngine {
  /** folder of the passive check; null: it is off */
  let passiveUrl: string | null = null;
  const parts: readonly VisionPart[] = deps.cores() > 1 ? ['detector', 'embedder'] : ['whole'];
  const absolute = (url: string): string => new URL(url, deps.baseUrl()).href;
  const links = parts.map(
    (part): Link =>
      createLink({
        clock,
        config: deps.config,
        startWorker: () => deps.startWorker(`rounz-vision-${part}`),
        prepared: ({ signal: _, ...options }) => ({
          ...options,
          part,
          modelUrl: absolute(options.modelUrl),
          detectorUrl: absolute(options.detectorUrl),
          wasmUrl: absolute(options.wasmUrl),
          ...(gpuLoss === undefined ? {} : { gpuLost: gpuLoss }),
          ...(passiveUrl === null || part === 'embedder' ? {} : { passiveUrl }),
        }),
        onGpuLost: (message) => {
          gpuLoss = message;
        },
      }),
  );
  /** may be one and the same */
  const [finding, embedding] = [links[0]!, links.at(-1)!];
  const embeddingTurn = createTurn();
  /** frames whose faces are being found, or that wait for the embedder */
  let pending = 0;

  /** the detector's start before anybody asked for it; null: there was none, or it was used */
  let begun = ahead && finding !== embedding ? finding.start({ ...ahead, modelUrl: '' }, () => {}) : null;
  begun?.catch(() => {});

  async function start(options: VisionOptions, link: Link, onProgress: Parameters<VisionEngine['start']>[1]) {
    if (link === finding && begun) {
      const early = begun;
      begun = null;
      const up = await early.then(
        () => true,
        () => false,
      );
      if (up) return null;
    }
    // Both workers tell of the same stages; the bar shows those of the recogniser, which are the longer ones.
    return link.start(options, link === embedding ? onProgress : () => {}, options.signal);
  }

  /** Embeds a crop once the one before is through. @param onTurn told when the crop is on its way */
  async function embed(
    crop: AlignedCrop,
    role: EmbeddingRole,
    report: FrameReport,
    onTurn: () => void,
    signal?: AbortSignal,
  ): Promise<FrameReport> {
    const leave = await embeddingTurn();
    try {
      onTurn();
      const { took, ...seen } = await embedding.work((remote) => remote.embed(crop, role), signal);
      const [nearest, ...others] = report.faces;
      const { detect, total } = report.timings;
      return {
        ...report,
        faces: [withSeen(nearest!, seen), ...others],
        timings: { detect, embed: took, total: total + took },
      };
    } finally {
      leave();
    }
  }

  const close = () => {
    for (const link of links) link.close();
  };

  return {
    async start(options, onProgress) {
      try {
        const answers = await Promise.all(links.map((link) => start(options, link, onProgress)));
        const ready = answers.at(-1);
        if (!ready) throw new VisionError('internal', 'The worker that embeds came up without a recogniser.');
        return { ...ready, workers: links.length };
      } catch (error) {
        close();
        throw error;
      }
    },
    async analyse(frame, { signal, onFree, ...wanted }) {
      let ours = true;
      let first = true;
      const free = () => {
        if (!first) return;
        first = false;
        pending -= 1;
        onFree?.();
      };
      pending += 1;
      try {
        if (pending > 1)
          throw new VisionError('busy', 'A frame is still being analysed; wait for it and ask again.');
        const { crop, ...report } = await finding.work((remote) => {
          const sent = remote.analyse(transfer(frame, [frame]), wanted);
          ours = false;
          return sent;
        }, signal);
        return crop ? await embed(crop, wanted.role ?? 'probe', report, free, signal) : report;
      } catch (error) {
        throw visionError(error);
      } finally {
        free();
        if (ours) frame.close();
      }
    },
    async memory() {
      const all = await Promise.all(links.map((link) => link.call((remote) => remote.memory())));
      try {
        return {
          tensors: all.reduce((sum, { tensors }) => sum + tensors, 0),
          bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
        };
      } catch (error) {
        throw visionError(error);
      }
    },
    selfTest: () => embedding.call((remote) => remote.selfTest()),
    setPassive(folder) {
      passiveUrl = folder === null ? null : absolute(folder);
      return finding.call<PassiveState>((remote) => remote.setPassive(passiveUrl));
    },
    async dispose() {
      close();
    },
  };
}
