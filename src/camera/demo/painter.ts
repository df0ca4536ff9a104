import { type Placement, STAGE } from './choreography.ts';
import type { Demo } from './schema.ts';
import type { LoadedSheet } from './sheets.ts';

export interface Painter {
  readonly canvas: HTMLCanvasElement;
  /** Draws the empty shop and the person, if there is one. */
  paint(placement: Placement | null, sheet: LoadedSheet | null): void;
}

/** Colours of the empty shop: wall, shelf, light. */
const SHOP = { top: '#cfd3d6', bottom: '#9b9fa3', shelf: '#b7b2aa', frame: '#8c877f' } as const;

/** The empty shop, drawn once. */
function drawShop(): HTMLCanvasElement {
  const shop = document.createElement('canvas');
  shop.width = STAGE.width;
  shop.height = STAGE.height;
  const context = shop.getContext('2d')!;
  const wall = context.createLinearGradient(0, 0, 0, STAGE.height);
  wall.addColorStop(0, SHOP.top);
  wall.addColorStop(1, SHOP.bottom);
  context.fillStyle = wall;
  context.fillRect(0, 0, STAGE.width, STAGE.height);
  for (const y of [70, 170, 270, 370]) {
    context.fillStyle = SHOP.shelf;
    context.fillRect(0, y, STAGE.width, 7);
    context.strokeStyle = SHOP.frame;
    context.lineWidth = 3;
    // Spectacles on the shelf: two rims and a bridge.
    for (let x = 30; x < STAGE.width; x += 88) {
      context.beginPath();
      context.ellipse(x, y - 14, 15, 10, 0, 0, 2 * Math.PI);
      context.ellipse(x + 38, y - 14, 15, 10, 0, 0, 2 * Math.PI);
      context.moveTo(x + 15, y - 16);
      context.lineTo(x + 23, y - 16);
      context.stroke();
    }
  }
  return shop;
}

/** The stage as a canvas on the CPU, because each frame is read back from it. */
export function createPainter({ frameSize }: Demo): Painter {
  const canvas = document.createElement('canvas');
  canvas.width = STAGE.width;
  canvas.height = STAGE.height;
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context)
    throw new Error('The browser gives no 2D canvas, so the demonstration cannot play. Reload the page.');
  const shop = drawShop();
  return {
    canvas,
    paint(placement, sheet) {
      context.globalAlpha = 1;
      context.drawImage(shop, 0, 0);
      if (!placement || !sheet) return;
      const index = Math.max(0, sheet.frames.indexOf(placement.frame));
      const { x, y, width, height, opacity } = placement;
      context.globalAlpha = opacity;
      context.imageSmoothingQuality = 'medium';
      context.drawImage(
        sheet.picture,
        ...([index * frameSize.width, 0, frameSize.width, frameSize.height] as const),
        ...([x, y, width, height] as const),
      );
    },
  };
}
