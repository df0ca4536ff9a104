import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { DECODE, decodeImage } from '../../training/data/decode.ts';
import { damaged, parsed, parsedLater, runs } from './cases.ts';

/** Pictures that the trainer and the evaluation are given: of every kind that is read, whole, cut, changed and mis-sized. */

interface Kind {
  readonly name: string;
  readonly write: (from: Sharp) => Sharp;
}

const KINDS: readonly Kind[] = [
  { name: 'JPEG', write: (from) => from.jpeg() },
  { name: 'JPEG, progressive', write: (from) => from.jpeg({ progressive: true }) },
  { name: 'JPEG, grey', write: (from) => from.toColourspace('b-w').jpeg() },
  { name: 'JPEG, CMYK', write: (from) => from.toColourspace('cmyk').jpeg() },
  { name: 'PNG', write: (from) => from.png() },
  { name: 'PNG, palette', write: (from) => from.png({ palette: true }) },
  { name: 'PNG, 16 bit', write: (from) => from.toColourspace('rgb16').png() },
  { name: 'PNG, grey, 16 bit', write: (from) => from.toColourspace('grey16').png() },
  { name: 'TIFF', write: (from) => from.tiff() },
  { name: 'TIFF, CMYK', write: (from) => from.toColourspace('cmyk').tiff() },
  { name: 'TIFF, 16 bit', write: (from) => from.toColourspace('rgb16').tiff() },
  { name: 'WebP', write: (from) => from.webp() },
  { name: 'GIF', write: (from) => from.gif() },
  { name: 'AVIF', write: (from) => from.avif({ effort: 0 }) },
];
const [WIDTH, HEIGHT] = [23, 17];

const drawing = (width: number, height: number): Sharp =>
  sharp(
    Buffer.from({ length: 3 * width * height } as ArrayLike<number>).map((_, i) => (i * 37) % 256),
    { raw: { width, height, channels: 3 } },
  );

const whole = new Map<string, Buffer>();
beforeAll(async () => {
  for (const { name, write } of KINDS) whole.set(name, await write(drawing(WIDTH, HEIGHT)).toBuffer());
});

const kind = fc.constantFrom(...KINDS.map(({ name }) => name));

/** The checksum of a PNG's chunk (ISO 3309). */
function checksum(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return ~rest >>> 0;
}

/** The picture with another size in its head; whoever believes it reads past the end, or asks for more than there is. */
function sized(name: string, width: number, height: number): Buffer {
  const bytes = Buffer.from(whole.get(name)!);
  if (name.startsWith('PNG')) {
    bytes.writeUInt32BE(width, 16);
    bytes.writeUInt32BE(height, 20);
    bytes.writeUInt32BE(checksum(bytes.subarray(12, 29)), 29);
    return bytes;
  }
  for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1]!;
    if (marker !== 0xc0 && marker !== 0xc2) continue;
    bytes.writeUInt16BE(height & 0xffff, at + 5);
    bytes.writeUInt16BE(width & 0xffff, at + 7);
    return bytes;
  }
  throw new Error(`${name} has no frame header.`);
}

const side = fc.oneof(
  fc.constantFrom(0, 1, 16, 17, 22, 23, 24, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff),
  fc.nat(0xffffffff),
);

describe('pictures', () => {
  it.each(KINDS)('decode: $name, whole, has its size', async ({ name }) => {
    expect(await decodeImage(whole.get(name)!)).toMatchObject({ width: WIDTH, height: HEIGHT });
  });

  it('decode: of any kind and size, whole, it has its size and four values a pixel', async () => {
    const length = fc.integer({ min: 1, max: 64 });
    const choice = fc.constantFrom(...KINDS.filter(({ name }) => name !== 'AVIF'));
    await fc.assert(
      fc.asyncProperty(choice, length, length, async ({ write }, width, height) => {
        const { data, ...size } = await decodeImage(await write(drawing(width, height)).toBuffer());
        expect(size).toEqual({ width, height });
        expect(data).toHaveLength(4 * width * height);
      }),
      runs(0.2),
    );
  });

  it('decode: of any kind, cut or changed, it is a picture or refused', async () => {
    const given = kind.chain((name) => damaged(whole.get(name)!));
    await fc.assert(
      fc.asyncProperty(fc.oneof(given, fc.uint8Array({ maxLength: 200 })), async (bytes) => {
        const image = await parsedLater(() => decodeImage(Buffer.from(bytes)));
        if (image) expect(image.data).toHaveLength(4 * image.width * image.height);
      }),
      runs(0.3),
    );
  });

  it('decode: cut anywhere, it is refused or a whole picture of its size', async () => {
    const given = kind.chain((name) =>
      fc.nat(whole.get(name)!.length).map((end) => whole.get(name)!.subarray(0, end)),
    );
    await fc.assert(
      fc.asyncProperty(given, async (bytes) => {
        const image = await parsedLater(() => decodeImage(Buffer.from(bytes)));
        if (image) expect(image).toMatchObject({ width: WIDTH, height: HEIGHT });
      }),
      runs(0.2),
    );
  });

  it('decode: a head that says 0 x 0, or more than there is, is refused, and asks for no memory', async () => {
    const name = fc.constantFrom('PNG', 'PNG, 16 bit', 'JPEG', 'JPEG, CMYK');
    await fc.assert(
      fc.asyncProperty(name, side, side, async (one, width, height) => {
        const before = process.memoryUsage().rss;
        const image = await parsedLater(() => decodeImage(sized(one, width, height)));
        if (image) {
          expect(image.width * image.height).toBeGreaterThan(0);
          expect(image.width * image.height).toBeLessThanOrEqual(DECODE.mostPixels);
        }
        expect(process.memoryUsage().rss - before).toBeLessThan(1e9);
      }),
      runs(0.2),
    );
  });

  it('decode: a picture of no size and one that is too large are refused in words', async () => {
    for (const name of ['PNG', 'JPEG', 'JPEG, CMYK'])
      await expect(decodeImage(sized(name, 0, 0))).rejects.toThrow(/damaged|no picture/);
    await expect(decodeImage(sized('PNG', 60_000, 60_000))).rejects.toThrow(/too large: 60000 x 60000/);
    expect(parsed(() => checksum(Buffer.from('IEND')))).toBe(0xae426082);
  });
});
