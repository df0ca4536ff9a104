import type { BrowserContext, Page } from '@playwright/test';
import {
  type Look,
  lookOf,
  type RenderedPerson,
  type Scene,
  SWAY_FRAMES_PER_SECOND,
  swayOf,
} from './clip.ts';

/** The current scene in front of the camera, until it is changed. */
export type StageScene = Omit<Scene, 'seconds'>;
export const nobody: StageScene = { pictures: [] };
export const wearing = (person: RenderedPerson, look: Look): StageScene => ({
  pictures: [{ file: lookOf(person, look) }],
});

/** A camera before which that person stands, until the test says otherwise. */
export const showing = (person: RenderedPerson, look: Look = 'bare') =>
  ({ kind: 'stage', scene: wearing(person, look) }) as const;

export interface StageWindow {
  readonly stage: {
    readonly show: (jpegs: readonly string[]) => Promise<void>;
    /** The camera stays open and sends no picture, until it is told to go on. */
    readonly halt: (halted: boolean) => void;
  };
}

const base64 = async (scene: StageScene) => (await swayOf(scene)).map((jpeg) => jpeg.toString('base64'));

/**
 * A camera whose scene the test changes, so that nobody waits for a clip to come round: the kiosk's own webcam reads it as a
 * stream like any other. Chromium's fake device plays one file from its start to its end.
 */
export async function raiseStage(context: BrowserContext, first: StageScene): Promise<void> {
  await context.addInitScript(stageInPage, {
    first: await base64(first),
    framesPerSecond: SWAY_FRAMES_PER_SECOND,
  });
}

/** Changes the scene; the camera shows it when this resolves. */
export async function setStage(page: Page, scene: StageScene): Promise<void> {
  await page.evaluate((jpegs) => (window as unknown as StageWindow).stage.show(jpegs), await base64(scene));
}

interface StageSetUp {
  /** JPEGs in base64 */
  readonly first: readonly string[];
  readonly framesPerSecond: number;
}

/** Runs in the page: draws the scene's frames in turn and hands them out as the camera. */
function stageInPage({ first, framesPerSecond }: StageSetUp): void {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: 640, height: 480 });
  const context = canvas.getContext('2d')!;
  let frames: readonly ImageBitmap[] = [];
  let turn = 0;
  let halted = false;
  const draw = () => {
    if (halted) return;
    const frame = frames[turn++ % frames.length];
    if (frame) context.drawImage(frame, 0, 0);
  };
  const decode = (jpeg: string) =>
    createImageBitmap(
      new Blob([Uint8Array.from(atob(jpeg), (byte) => byte.charCodeAt(0))], { type: 'image/jpeg' }),
    );
  const show = async (jpegs: readonly string[]) => {
    frames = await Promise.all(jpegs.map(decode));
    draw();
  };
  const begun = show(first);
  setInterval(draw, 1_000 / framesPerSecond);
  navigator.mediaDevices.getUserMedia = async () => {
    await begun;
    return canvas.captureStream();
  };
  const halt = (now: boolean) => {
    halted = now;
  };
  Object.assign(window, { stage: { show, halt } });
}
