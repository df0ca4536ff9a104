import { InvalidArgumentError } from 'commander';
import { visible } from './names.ts';

/** What people call an encoding, by the name that the platform has for it. */
const ALIASES: Readonly<Record<string, string>> = {
  cp949: 'euc-kr',
  ms949: 'euc-kr',
  uhc: 'euc-kr',
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp950: 'big5',
  cp1252: 'windows-1252',
};

/** The most frequent encodings of names that are not UTF-8, in Korea and its neighbours; a message shows how they would read. */
const LIKELY = ['cp949', 'shift_jis'] as const;

const labelOf = (charset: string): string => ALIASES[charset.toLowerCase()] ?? charset;

const decoderOf = (charset: string): TextDecoder => new TextDecoder(labelOf(charset), { fatal: true });

/**
 * The name of an encoding, as an option takes it.
 *
 * @throws InvalidArgumentError where the platform does not know it
 */
export function charsetName(charset: string): string {
  try {
    decoderOf(charset);
    return charset;
  } catch {
    throw new InvalidArgumentError(`It takes the name of an encoding, such as ${LIKELY.join(' or ')}.`);
  }
}

const decoded = (bytes: Uint8Array, charset: string): string | undefined => {
  try {
    return decoderOf(charset).decode(bytes);
  } catch {
    return undefined;
  }
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of bytes that are UTF-8; undefined where they are not. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Names that were written together, out of their bytes: UTF-8 where all of them are that, else all in the encoding that
 * was given, since a short name in CP949 may happen to be UTF-8 too. Nothing is guessed: the same bytes are names in
 * several encodings, and question marks would make one person of many.
 *
 * @param where the archive or folder, for the error
 * @throws Error that says how the names would read, and what to do
 */
export function decodeNames(
  names: readonly Uint8Array[],
  charset: string | undefined,
  where: string,
): string[] {
  const texts = names.map(decodeUtf8);
  const foreign = names[texts.indexOf(undefined)];
  if (foreign === undefined) return texts as string[];
  if (charset === undefined) throw new Error(howToRead(foreign, where));
  return names.map((bytes) => {
    const text = decoded(bytes, charset);
    if (text === undefined)
      throw new Error(
        `${where}: the name "${visible(Buffer.from(bytes).toString('latin1'))}" is no ${charset} either.`,
      );
    return text;
  });
}

function howToRead(bytes: Uint8Array, where: string): string {
  const readings = LIKELY.flatMap((one) => {
    const reading = decoded(bytes, one);
    return reading === undefined ? [] : [`"${visible(reading)}" in ${one}`];
  });
  const latin = `"${visible(Buffer.from(bytes).toString('latin1'))}" in latin1`;
  return (
    `${where}: names are not UTF-8. The first of them reads as ${readings.join(', ') || latin}. Name the encoding (align --charset ${LIKELY[0]}), or ` +
    'convert the names (convmv on a disk; pack an archive anew on the system that it came from).'
  );
}
