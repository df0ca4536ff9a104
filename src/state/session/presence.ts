import type { Clock } from '@rounz/core/time/clock.ts';
import type { FrameConsumer, FramePump } from '../engine/frame-pump.ts';
import type { Recogniser } from '../engine/recogniser.ts';
import type { SessionConfig } from './model/config.ts';
import { count, follow, gather, noTrack, stableVerdict, type Track } from './model/track.ts';

/** Who stands before the camera now: the person who is asked for, somebody else, or nobody who could be seen well enough. */
export type Presence = 'same' | 'other' | 'unseen';

/**
 * Looks once more before an act that cannot be undone. It is a port: the kiosk's own (`createPresenceCheck`) embeds the face again,
 * which tells one person from another and not a person from a picture, so a PIN or a turn of the head (`challenge.ts`) is asked
 * as well (`Proof`).
 */
export interface PresenceCheck {
  /** Never rejects. Computes embeddings until it is sure, for at most `presenceTimeout`. */
  check(personId: string): Promise<Presence>;
}

export interface PresenceDeps {
  readonly pump: Pick<FramePump, 'use'>;
  /** sees every frame as well: whoever follows the visitor must not take the look for their absence */
  readonly watcher: Pick<FrameConsumer, 'onReport'>;
  readonly recogniser: Pick<Recogniser, 'identify'>;
  readonly clock: Clock;
  readonly config: SessionConfig;
  /** between two frames, milliseconds */
  readonly interval: number;
}

/** Embeds the nearest face again, in frames that were taken since it was asked, and decides as a greeting does. */
export function createPresenceCheck({
  pump,
  watcher,
  recogniser,
  clock,
  config,
  interval,
}: PresenceDeps): PresenceCheck {
  return {
    check: (personId) =>
      new Promise((resolve) => {
        let track: Track = noTrack;
        const begun = clock.now();
        const end = (presence: Presence) => {
          cancelTimer();
          release();
          resolve(presence);
        };
        const cancelTimer = clock.after(config.presenceTimeout, () => end('unseen'));
        const release = pump.use({
          plan: () => ({ embed: true, interval }),
          onReport(report, at) {
            watcher.onReport(report, at);
            const [nearest] = report.faces;
            if (!nearest || at < begun) return;
            track = gather(follow(track, nearest, at, config), nearest, at, config);
            if (nearest.embedding && track.samples.length >= config.minSamples)
              track = count(track, recogniser.identify(track.samples, []));
            const verdict = stableVerdict(track, at, config);
            if (!verdict) return;
            end(verdict.kind === 'person' && verdict.person.id === personId ? 'same' : 'other');
          },
        });
      }),
  };
}
