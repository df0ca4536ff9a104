import { writeFileSync } from 'node:fs';
import type { RgbaImage } from '@rounz/core/image.ts';
import { drawMedium, drawTexture, type MediumKind } from '../../training/attacks/media.ts';
import { drawHeld, FLAT } from '../../training/attacks/surface.ts';
import type { WearName } from '../../training/synth/accessory/accessory.ts';
import { cutout } from '../../training/synth/output/frames.ts';
import { drawShop } from '../../training/synth/output/shop.ts';
import { personOf } from '../../training/synth/person/people.ts';

const [WIDTH, HEIGHT] = [640, 480];
/** The drawn shop behind them; none of the passive check's training. */
const SHOP_SEED = 3;

async function shopWith(draw: (frame: RgbaImage) => Promise<void>, file: string): Promise<string> {
  const canvas = drawShop(WIDTH, HEIGHT, SHOP_SEED);
  const context = canvas.getContext('2d');
  const pixels = context.getImageData(0, 0, WIDTH, HEIGHT);
  await draw(pixels);
  context.putImageData(pixels, 0, 0);
  writeFileSync(file, canvas.toBuffer('image/png'));
  return file;
}

async function headOf(id: string, wear: WearName): Promise<RgbaImage> {
  const drawn = await cutout(personOf(id), wear, 'rest');
  const { width, height } = drawn;
  return { data: drawn.getContext('2d').getImageData(0, 0, width, height).data, width, height };
}

/** A rendered person in a shop, as the camera sees them. @returns the file */
export const drawVisitor = (id: string, wear: WearName, file: string): Promise<string> =>
  shopWith(async (frame) => {
    const size = 0.8;
    drawHeld(frame, await headOf(id, wear), { ...FLAT, size, y: (1 - size) / 2 });
  }, file);

/** A portrait of a rendered person on a drawn sheet or device in front of the shop. @returns the file */
export const drawHeldPicture = (id: string, kind: MediumKind, file: string): Promise<string> =>
  shopWith(async (frame) => {
    const medium = drawMedium(kind, 'test', 31);
    const texture = drawTexture(medium, await headOf(id, 'bare'), '#b9c0c4');
    drawHeld(frame, texture, { ...FLAT, size: 0.62 * medium.aspect, y: 0.02, yaw: 6, pitch: -4, roll: 2 });
  }, file);
