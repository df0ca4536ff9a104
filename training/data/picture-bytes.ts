/** A file that is no picture, or not a whole one; the message says which, for a report. */
export class UnreadablePicture extends Error {
  override readonly name = 'UnreadablePicture';
}

const CUT = 'it ends in the middle of the picture; copy it again';

const ascii = (bytes: Buffer, from: number, length: number): string =>
  bytes.toString('latin1', from, from + length);

/**
 * A picture's own bytes: without what a telephone hangs behind it (the video of a Motion Photo), and with the end mark
 * that a JPEG may lack. Whether the picture between is whole, the decoder says.
 *
 * @throws UnreadablePicture where the container says that the file is cut, or its colours cannot be known
 */
export function ownBytes(bytes: Buffer): Buffer {
  if (bytes.length === 0) throw new UnreadablePicture('it is empty');
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpegBytes(bytes);
  if (ascii(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return pngBytes(bytes);
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP') return riffBytes(bytes);
  if (ascii(bytes, 4, 4) === 'ftyp') return boxedBytes(bytes);
  return bytes;
}

const MARKER = { adobe: 0xee, startOfScan: 0xda, end: 0xd9 } as const;
const END_OF_IMAGE = Buffer.from([0xff, MARKER.end]);

/** Markers without a length: RST0 to RST7, SOI, EOI, TEM. */
const stands = (marker: number): boolean => (marker >= 0xd0 && marker <= 0xd9) || marker === 0x01;
/** SOF0 to SOF15 without DHT, JPG and DAC, which lie between. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Walks a JPEG from marker to marker to its own end (ITU-T T.81, annex B). */
function jpegBytes(bytes: Buffer): Buffer {
  let at = 2;
  let inScan = false;
  let components = 0;
  let adobe = false;
  while (at + 1 < bytes.length) {
    const mark = bytes.indexOf(0xff, at);
    if (mark < 0 || mark + 1 >= bytes.length) break;
    const marker = bytes[mark + 1]!;
    // Within a scan, FF 00 is a stuffed byte; a run of FF is padding.
    at = marker === 0xff ? mark + 1 : mark + 2;
    if (marker === 0x00 || marker === 0xff) continue;
    if (marker === MARKER.end) return checkColours(bytes.subarray(0, at), components, adobe);
    if (stands(marker)) continue;
    if (at + 2 > bytes.length) break;
    const length = bytes.readUInt16BE(at);
    if (isFrame(marker)) components = bytes[at + 7] ?? 0;
    if (marker === MARKER.adobe && ascii(bytes, at + 2, 5) === 'Adobe') adobe = true;
    inScan = marker === MARKER.startOfScan || inScan;
    at += length;
  }
  if (!inScan || at > bytes.length) throw new UnreadablePicture(CUT);
  const body = bytes.at(-1) === 0xff ? bytes.subarray(0, -1) : bytes;
  return checkColours(Buffer.concat([body, END_OF_IMAGE]), components, adobe);
}

/** Four inks are stored upside down by Adobe, which says so in a marker; without it nobody knows which way they are. */
function checkColours(bytes: Buffer, components: number, adobe: boolean): Buffer {
  if (components === 4 && !adobe)
    throw new UnreadablePicture(
      'it is in CMYK without Adobe’s mark, so nobody can tell its colours; convert it to RGB where it was made',
    );
  return bytes;
}

/** Chunks of length, type, content, checksum, from byte 8 to IEND. The decoder holds the checksums. */
function pngBytes(bytes: Buffer): Buffer {
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    if (ascii(bytes, at + 4, 4) === 'IEND') return bytes.subarray(0, end);
    at = end;
  }
  throw new UnreadablePicture(CUT);
}

/** A RIFF file says its length behind its first four bytes. */
function riffBytes(bytes: Buffer): Buffer {
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) throw new UnreadablePicture(CUT);
  return bytes.subarray(0, end);
}

/** AVIF: boxes of length and type to the file's end; length 0 reaches to it, 1 is followed by 64 bits. */
function boxedBytes(bytes: Buffer): Buffer {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const short = bytes.readUInt32BE(at);
    const length = short === 1 && at + 16 <= bytes.length ? Number(bytes.readBigUInt64BE(at + 8)) : short;
    if (length === 0) return bytes;
    if (length < 8 || at + length > bytes.length) throw new UnreadablePicture(CUT);
    at += length;
  }
  return bytes;
}
