import type { Rotation } from '@rounz/core/settings/settings.ts';
import type { ImageBox } from '@rounz/core/units.ts';
import { type CSSProperties, type ReactNode, useEffect, useRef } from 'react';
import { spotInMirror } from './geometry.ts';

/** What the mirror needs of a frame; faces nearest first. */
export interface MirrorFrame {
  readonly width: number;
  readonly height: number;
  readonly faces: readonly { readonly box: ImageBox }[];
}

export type MirrorTone = 'waiting' | 'looking' | 'known' | 'stranger' | 'off';

/** How the camera hangs: its picture is turned upright, and flipped as in a mirror. */
export interface MirrorView {
  readonly rotation: Rotation;
  readonly mirrored: boolean;
}

interface MirrorProps {
  readonly view: MirrorView;
  readonly tone: MirrorTone;
  readonly label: string;
  /** Gives the camera's picture to the element until the result is called. */
  readonly attach: (video: HTMLVideoElement) => () => void;
  /** Calls back with each new frame until the result is called. */
  readonly subscribe: (listener: (frame: MirrorFrame | null) => void) => () => void;
  readonly testIds: { readonly video: string; readonly served: string; readonly other: string };
  /** over the picture: a pill, a progress, a sign */
  readonly children?: ReactNode;
}

/** largest number of marks; more people do not fit into the picture */
const MARKS = 5;
/** CSS pixels of a mark before it is scaled; its border scales along */
const MARK_SIZE = 200;

/**
 * The round mirror: the live picture, the served face in a ring, others dimmed. The marks are moved by transforms alone
 * and outside of React, so a frame costs no render and no layout.
 */
export function Mirror({ view, tone, label, attach, subscribe, testIds, children }: MirrorProps) {
  const glass = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const { rotation, mirrored } = view;

  useEffect(() => (video.current ? attach(video.current) : undefined), [attach]);

  useEffect(() => {
    const element = glass.current;
    if (!element) return;
    const marks = [...element.querySelectorAll<HTMLElement>('.mark')];
    let size = { width: element.clientWidth, height: element.clientHeight };
    const observer = new ResizeObserver(() => {
      size = { width: element.clientWidth, height: element.clientHeight };
    });
    observer.observe(element);
    const stop = subscribe((frame) => {
      for (const [index, mark] of marks.entries()) placeMark(mark, frame, index, size, mirrored);
    });
    return () => {
      stop();
      observer.disconnect();
    };
  }, [subscribe, mirrored]);

  return (
    <figure
      className="mirror"
      data-tone={tone}
      data-sideways={rotation % 180 !== 0}
      style={{ '--turn': `${rotation}deg`, '--flip': mirrored ? -1 : 1 } as CSSProperties}
    >
      <Rim />
      <span className="mirror__arc" aria-hidden="true" />
      <div className="mirror__glass" ref={glass}>
        <video
          ref={video}
          className="mirror__video"
          data-testid={testIds.video}
          aria-label={label}
          muted
          playsInline
          autoPlay
        />
        {Array.from({ length: MARKS }, (_, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a fixed pool of marks, the nearest face first
            key={index}
            className={`mark ${index === 0 ? 'mark--served' : 'mark--other'}`}
            data-testid={index === 0 ? testIds.served : testIds.other}
            data-shown="false"
            aria-hidden="true"
          />
        ))}
      </div>
      {children}
    </figure>
  );
}

/** One lens of a round frame, its bridge running off to both sides of the screen. Grid: the mirror is 100 wide. */
function Rim() {
  return (
    <svg className="mirror__rim" viewBox="0 0 100 100" aria-hidden="true">
      <circle cx="50" cy="50" r="49.45" />
      <path className="mirror__bridge mirror__bridge--left" d="M1.6 41C-2 35.5-7 33.5-14 33.5h-300" />
      <path className="mirror__bridge mirror__bridge--right" d="M98.4 41C102 35.5 107 33.5 114 33.5h300" />
    </svg>
  );
}

function placeMark(
  mark: HTMLElement,
  frame: MirrorFrame | null,
  index: number,
  size: { width: number; height: number },
  mirrored: boolean,
): void {
  const face = frame?.faces[index];
  const shown = String(face !== undefined);
  if (mark.getAttribute('data-shown') !== shown) mark.setAttribute('data-shown', shown);
  if (!face || !frame) return;
  const { x, y, radius } = spotInMirror(face.box, frame, size, mirrored);
  const scale = (2 * radius) / MARK_SIZE;
  mark.style.transform = `translate3d(${x.toFixed(1)}px, ${y.toFixed(1)}px, 0) scale(${scale.toFixed(3)})`;
}
