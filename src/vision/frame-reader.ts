import type { RgbaImage } from '@rounz/core/image.ts';
import { VisionError } from './errors.ts';

/** Reads frames into plain pixels. The canvas is kept between frames, on the CPU, for every frame is read back. */
export function createFrameReader(): (frame: ImageBitmap | VideoFrame) => RgbaImage {
  let canvas: OffscreenCanvas | undefined;
  let context: OffscreenCanvasRenderingContext2D | null = null;
  return (frame) => {
    const { width, height } = sizeOf(frame);
    if (!(width > 0 && height > 0))
      throw new VisionError('internal', 'The frame has no pixels: it was closed before it was analysed.');
    if (!canvas || canvas.width !== width || canvas.height !== height) {
      canvas = new OffscreenCanvas(width, height);
      context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
    }
    if (!context)
      throw new VisionError('internal', 'The browser has no canvas for the worker. Reload the page.');
    // `copy`: a transparent pixel must not show the previous frame.
    context.globalCompositeOperation = 'copy';
    context.drawImage(frame, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  };
}

const sizeOf = (frame: ImageBitmap | VideoFrame): { width: number; height: number } =>
  'displayWidth' in frame
    ? { width: frame.displayWidth, height: frame.displayHeight }
    : { width: frame.width, height: frame.height };
