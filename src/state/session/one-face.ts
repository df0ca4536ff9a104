import { QUALITY } from '@rounz/core/face/issues.ts';
import type { FaceArea, FaceReport, FrameReport } from '../../vision/protocol.ts';
import {
  absence,
  areaOf,
  awayFrom,
  type FollowConfig,
  follow,
  miss,
  noTrack,
  sameFace,
  type Track,
} from './model/track.ts';

/** What a frame shows of the one person who agreed. */
export type Sight =
  | { readonly kind: 'nobody' }
  /** somebody stands beside them who is near enough to be meant as well */
  | { readonly kind: 'several' }
  | { readonly kind: 'one'; readonly face: FaceReport };

/**
 * Follows one person who stands before the camera alone, for whoever embeds them. Until one face alone was seen there is no area,
 * and nobody is to be embedded; afterwards it is where that face can be. Who takes their place is followed anew.
 */
export interface OneFace {
  /** where the face that may be embedded is; undefined: there is none */
  area(): FaceArea | undefined;
  see(report: FrameReport, at: number): Sight;
  reset(): void;
}

const eyes = ({ quality }: FaceReport): number => quality.interEyeDistance;

/** Whether somebody else stands about as near: farther ones are passers-by, whom the area leaves out. */
const hasCompany = (face: FaceReport, faces: readonly FaceReport[]): boolean =>
  faces.some((other) => other !== face && eyes(other) >= QUALITY.companionShare * eyes(face));

export function createOneFace(config: FollowConfig): OneFace {
  let track: Track = noTrack;
  const nearestOf = (faces: readonly FaceReport[]) => faces.toSorted((a, b) => eyes(b) - eyes(a))[0];
  return {
    area: () => areaOf(track, config),
    see({ faces }, at) {
      const followed = faces
        .filter((face) => sameFace(track, face, at, config))
        .toSorted((a, b) => awayFrom(track, a) - awayFrom(track, b))[0];
      const face = followed ?? nearestOf(faces);
      if (!face) {
        track = miss(track);
        return { kind: 'nobody' };
      }
      // Whoever comes nearer than the one who agreed is company as well.
      if (hasCompany(face, faces)) {
        track = noTrack;
        return { kind: 'several' };
      }
      // Somebody else where the one who agreed has just been: not before that one is gone for good.
      if (!followed && track.place && absence(track, at, config) <= config.trackGap) {
        track = miss(track);
        return { kind: 'nobody' };
      }
      track = follow(track, face, at, config);
      return { kind: 'one', face };
    },
    reset() {
      track = noTrack;
    },
  };
}
