import { errorMessage } from '@rounz/core/error-message.ts';
import { type Clock, every } from '@rounz/core/time/clock.ts';
import { createMirrors } from '../mirrors.ts';
import { problem } from '../problems.ts';
import { holdState } from '../state-holder.ts';
import type { FrameSource } from '../types.ts';
import { placementAt, STAGE, sceneAt, sceneLength } from './choreography.ts';
import { createPainter, type Painter } from './painter.ts';
import { loadDemo } from './schema.ts';
import { createSheets, type Sheets } from './sheets.ts';

/** Frame rate of the demonstration: cheap, and enough for walking people. */
const FRAME_RATE = 20;

/** Milliseconds from the first frame to the first scene; the shop is empty until then. */
const LEAD_IN = 1_000;

interface Playing {
  readonly painter: Painter;
  readonly sheets: Sheets;
  readonly stream: MediaStream;
  readonly stopDrawing: () => void;
  /** drawn since the last grab */
  fresh: boolean;
}

/**
 * A camera before which rendered people walk up, stand and leave, some of them enrolled: `?camera=demo`.
 *
 * @param demoUrl the demonstration's folder, absolute or relative to the page
 */
export function createDemoCamera(demoUrl: string, clock: Clock): FrameSource {
  const state = holdState();
  const mirrors = createMirrors();
  let playing: Playing | null = null;
  let generation = 0;

  async function open(mine: number): Promise<void> {
    const folder = new URL(demoUrl.replace(/\/?$/, '/'), document.baseURI).href;
    const demo = await loadDemo(folder);
    if (mine !== generation) return;
    const painter = createPainter(demo);
    const sheets = createSheets(demo, folder);
    const began = clock.now() + LEAD_IN;
    let prepared = -1;

    const draw = (): void => {
      const at = (clock.now() - began) / 1000;
      const placement = at < 0 ? null : placementAt(demo, at);
      painter.paint(placement, placement && sheets.get(placement.person, placement.look));
      if (playing) playing.fresh = true;
      const { scene, index, elapsed } = sceneAt(demo.script, Math.max(0, at));
      if (index === prepared) return;
      prepared = index;
      const next = sceneAt(demo.script, Math.max(0, at) + sceneLength(scene) - elapsed).scene;
      for (const wanted of [scene, next])
        sheets.prepare(wanted).catch((error: unknown) => mine === generation && fail(error));
    };
    const stopDrawing = every(clock, 1000 / FRAME_RATE, draw);
    const stream = painter.canvas.captureStream(FRAME_RATE);
    playing = { painter, sheets, stream, stopDrawing, fresh: true };
    mirrors.show(stream);
    state.set({ kind: 'live', label: 'Demo', width: STAGE.width, height: STAGE.height });
  }

  function release(): void {
    if (!playing) return;
    playing.stopDrawing();
    for (const track of playing.stream.getTracks()) track.stop();
    playing.sheets.dispose();
    playing = null;
    mirrors.show(null);
  }

  function fail(error: unknown): void {
    release();
    state.set(problem('no-camera', errorMessage(error)));
  }

  return {
    get state() {
      return state.get();
    },
    subscribe: state.subscribe,
    async start() {
      if (playing || state.get().kind === 'starting') return;
      const mine = ++generation;
      state.set({ kind: 'starting' });
      await open(mine).catch((error: unknown) => mine === generation && fail(error));
    },
    stop() {
      generation += 1;
      release();
      state.set({ kind: 'off' });
    },
    use: () => {},
    list: async () => [],
    attach: mirrors.add,
    async grab() {
      if (!playing?.fresh) return null;
      playing.fresh = false;
      return createImageBitmap(playing.painter.canvas).catch(() => null);
    },
  };
}
