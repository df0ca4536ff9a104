import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from './decode.ts';
import { drawing, jpeg } from './picture.fixture.ts';

const SIDE = 200;
/** A pixel of the drawing, and how far a lossy format may be from it. */
const PIXEL = { x: 50, y: 100, rgb: [63, 127, 136] } as const;
const LOSSY = 24;

async function pixelOf(bytes: Buffer): Promise<number[]> {
  const { data, width } = await decodeImage(bytes);
  return [...data.subarray(4 * (PIXEL.y * width + PIXEL.x)).subarray(0, 4)];
}

async function expectDrawing(bytes: Buffer): Promise<void> {
  const [red, green, , alpha] = await pixelOf(bytes);
  expect(Math.abs(red! - PIXEL.rgb[0])).toBeLessThan(LOSSY);
  expect(Math.abs(green! - PIXEL.rgb[1])).toBeLessThan(LOSSY);
  expect(alpha).toBe(255);
}

const share = (bytes: Buffer, part: number): Buffer => bytes.subarray(0, Math.floor(bytes.length * part));

function zeroed(bytes: Buffer, from: number, to: number): Buffer {
  const copy = Buffer.from(bytes);
  return copy.fill(0, Math.floor(bytes.length * from), Math.floor(bytes.length * to));
}

describe('decodeImage reads', () => {
  it.each([
    ['jpeg', () => drawing(SIDE).jpeg()],
    ['progressive jpeg', () => drawing(SIDE).jpeg({ progressive: true })],
    ['png', () => drawing(SIDE).png()],
    ['16-bit png', () => drawing(SIDE).toColourspace('rgb16').png()],
    ['palette png', () => drawing(SIDE).png({ palette: true })],
    ['lossy webp', () => drawing(SIDE).webp()],
    ['lossless webp', () => drawing(SIDE).webp({ lossless: true })],
    ['gif', () => drawing(SIDE).gif()],
    ['tiff', () => drawing(SIDE).tiff()],
    ['avif', () => drawing(SIDE).avif({ effort: 0 })],
    ['CMYK jpeg with Adobe’s mark', () => drawing(SIDE).toColourspace('cmyk').jpeg()],
  ])('a whole %s', async (_, picture) => expectDrawing(await picture().toBuffer()));

  it('a Motion Photo, whose video hangs behind the JPEG', async () => {
    const video = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42'), Buffer.alloc(50_000, 0xff)]);
    await expectDrawing(Buffer.concat([await jpeg(SIDE), video]));
  });

  it.each([1, 2])('a JPEG that lacks its last %i bytes', async (bytes) =>
    expectDrawing((await jpeg(SIDE)).subarray(0, -bytes)),
  );

  it('a telephone’s picture upright', async () => {
    const turned = await drawing(40, 20).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    await expect(decodeImage(turned)).resolves.toMatchObject({ width: 20, height: 40 });
  });

  it('what is transparent as white', async () => {
    const clear = sharp({ create: { width: 2, height: 2, channels: 4, background: '#0000' } });
    expect([...(await decodeImage(await clear.png().toBuffer())).data.subarray(0, 4)]).toEqual([
      255, 255, 255, 255,
    ]);
  });
});

describe('decodeImage refuses with the reason', () => {
  it.each([
    ['a JPEG at 60 %', () => drawing(SIDE).jpeg(), 0.6],
    ['a JPEG at 97 %', () => drawing(SIDE).jpeg(), 0.97],
    ['a progressive JPEG at 60 %', () => drawing(SIDE).jpeg({ progressive: true }), 0.6],
    ['a PNG at 60 %', () => drawing(SIDE).png(), 0.6],
    ['a lossy WebP at 60 %', () => drawing(SIDE).webp(), 0.6],
    ['a lossless WebP at 60 %', () => drawing(SIDE).webp({ lossless: true }), 0.6],
    ['a GIF at 60 %', () => drawing(SIDE).gif(), 0.6],
    ['a TIFF at 60 %', () => drawing(SIDE).tiff(), 0.6],
    ['an AVIF at 60 %', () => drawing(SIDE).avif({ effort: 0 }), 0.6],
  ])('%s', async (_, picture, part) => {
    const bytes = await picture().toBuffer();
    await expect(decodeImage(share(bytes, part))).rejects.toThrow(/middle of the picture|damaged|no picture/);
  });

  it('a PNG and a JPEG whose middle is zeroed', async () => {
    for (const bytes of [await drawing(SIDE).png().toBuffer(), await jpeg(SIDE)])
      await expect(decodeImage(zeroed(bytes, 0.4, 0.6))).rejects.toThrow(/damaged|middle of the picture/);
  });

  it('what is too large', async () => {
    // A small picture whose head claims another size: height and width follow five bytes after the mark of a JPEG's frame.
    const bytes = await jpeg(SIDE);
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    bytes.writeUInt16BE(30_000, frame + 5);
    bytes.writeUInt16BE(30_000, frame + 7);
    await expect(decodeImage(bytes)).rejects.toThrow(
      /too large: 30000 x 30000 pixels are more than 128 million/,
    );
  });

  it('CMYK without Adobe’s mark, whose colours nobody can tell', async () => {
    const bytes = await drawing(SIDE).toColourspace('cmyk').jpeg().toBuffer();
    const at = bytes.indexOf(Buffer.from([0xff, 0xee]));
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    const unmarked = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    await expect(decodeImage(unmarked)).rejects.toThrow(/CMYK without Adobe’s mark/);
  });

  it('nothing, and what is no picture', async () => {
    await expect(decodeImage(Buffer.alloc(0))).rejects.toThrow(/empty/);
    for (const text of ['text', '\x89PNG\r\n\x1a\n', 'RIFF\0\0\0\0WEBP', '\0\0\0\x18ftypavif'])
      await expect(decodeImage(Buffer.from(text, 'latin1'))).rejects.toThrow(
        /no picture|middle of the picture|damaged/,
      );
    await expect(decodeImage(Buffer.from([0xff, 0xd8]))).rejects.toThrow(/middle of the picture/);
  });
});
