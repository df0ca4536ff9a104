import type { Rotation } from '@rounz/core/settings/settings.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Size of a picture once it is turned by `rotation` degrees. */
export const turnedSize = ({ width, height }: Size, rotation: Rotation): Size =>
  rotation % 180 === 0 ? { width, height } : { width: height, height: width };

/** Turns a frame clockwise. Takes ownership of `frame`; the caller closes what it gets. */
export async function turned(frame: ImageBitmap, rotation: Rotation): Promise<ImageBitmap> {
  if (rotation === 0) return frame;
  try {
    const { width, height } = turnedSize(frame, rotation);
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('The browser gives no canvas to turn the picture on.');
    context.translate(width / 2, height / 2);
    context.rotate((rotation * Math.PI) / 180);
    context.drawImage(frame, -frame.width / 2, -frame.height / 2);
    return canvas.transferToImageBitmap();
  } finally {
    frame.close();
  }
}
