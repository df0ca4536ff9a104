import { likeness, type PictureLook, SCENE } from '@rounz/core/picture-look.ts';
import { z } from 'zod';
import type { SightConfig } from './config.ts';

z.config({ jitless: true });

/** What the camera saw at set-up while nobody was there: which camera, and the brightness of 48 fields. */
const viewSchema = z.object({
  label: z.string(),
  width: z.number().positive(),
  height: z.number().positive(),
  scene: z.array(z.number().min(0).max(255)).length(SCENE.columns * SCENE.rows),
  /** ISO 8601, UTC */
  at: z.string(),
});
export type View = z.infer<typeof viewSchema>;

/** @returns null where there is none, or it is damaged */
export function readView(text: string | null): View | null {
  try {
    return viewSchema.parse(JSON.parse(text ?? 'null'));
  } catch {
    return null;
  }
}

/** Which camera gives the picture, and its size. */
export type CameraKind = Pick<View, 'label' | 'width' | 'height'>;

/** How the view of now differs from that of set-up. */
export type ViewChange = 'camera' | 'size' | 'scene';

/** The mean of the looks at an empty shop, the newest counting as much as `looks` at most. */
export interface SceneMean {
  readonly scene: readonly number[];
  readonly looks: number;
}

export const noScene: SceneMean = { scene: [], looks: 0 };

/** Adds a look at an empty shop; black and plain pictures say nothing. */
export function addLook(mean: SceneMean, look: PictureLook, config: SightConfig): SceneMean {
  if (look.luma < config.dark || look.contrast < config.plain) return mean;
  const looks = Math.min(config.sceneLooks, mean.looks + 1);
  const scene = look.scene.map((value, i) => (mean.scene[i] ?? 0) + (value - (mean.scene[i] ?? 0)) / looks);
  return { scene, looks };
}

/** What has changed since set-up; null: nothing, or not enough has been seen yet. */
export function changeOf(
  view: View,
  camera: CameraKind,
  mean: SceneMean,
  config: SightConfig,
): ViewChange | null {
  if (view.label !== camera.label) return 'camera';
  if (view.width !== camera.width || view.height !== camera.height) return 'size';
  if (mean.looks < config.sceneLooks) return null;
  return likeness(view.scene, mean.scene) < config.sceneLikeness ? 'scene' : null;
}
