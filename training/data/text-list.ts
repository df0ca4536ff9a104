import { readFileSync } from 'node:fs';
import { decodeUtf8 } from './charsets.ts';
import { visible } from './names.ts';

/** A line of a list that is not blank. */
export interface ListLine {
  /** from 1, as an editor counts */
  readonly number: number;
  readonly text: string;
}

/** A line of a table. */
export interface ListRow {
  readonly number: number;
  /** without blanks around them */
  readonly cells: readonly string[];
  /** the line as a message shows it */
  readonly shown: string;
}

/** Bytes that are looked at for UTF-16 without a mark. */
const SNIFFED = 4096;

/**
 * The text of a list as editors and spreadsheets save it: UTF-8 with or without a byte order mark, or UTF-16.
 *
 * @throws Error that says how to save it, where it is anything else
 */
export function decodeList(bytes: Uint8Array, file: string): string {
  const wide = wideCharset(bytes);
  const text = wide ? new TextDecoder(wide).decode(bytes) : decodeUtf8(bytes);
  if (text === undefined) {
    const line = firstBadLine(bytes);
    throw new Error(
      `${file}, line ${line}: this is not UTF-8. Save the list as UTF-8 (Excel: "CSV UTF-8"; elsewhere: iconv -f CP949 -t UTF-8).`,
    );
  }
  if (text.includes('\0'))
    throw new Error(`${file} is no text: it holds zero bytes. Save the list as UTF-8.`);
  return text.replace(/^\uFEFF/, '');
}

/** UTF-16 by its mark, or by the zero bytes that every ASCII character has in it. */
function wideCharset(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const start = bytes.subarray(0, SNIFFED);
  const zeros = [0, 0];
  for (let i = 0; i < start.length; i++) if (start[i] === 0) zeros[i % 2]!++;
  if (Math.max(...zeros) * 4 < start.length) return undefined;
  return zeros[0]! > zeros[1]! ? 'utf-16be' : 'utf-16le';
}

function firstBadLine(bytes: Uint8Array): number {
  let line = 1;
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from);
    const to = end < 0 ? bytes.length : end + 1;
    if (decodeUtf8(bytes.subarray(from, to)) === undefined) return line;
    from = to;
  }
  return line;
}

/** The lines of a text, whichever system ended them; blank lines are left out. */
export const linesOf = (text: string): ListLine[] =>
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .flatMap((line, row) => (line.trim() === '' ? [] : [{ number: row + 1, text: line }]));

/** The rows of a table's text. */
export const rowsOf = (text: string, separator: string): ListRow[] =>
  linesOf(text).map(({ number, text: line }) => ({
    number,
    cells: line.split(separator).map((cell) => cell.trim()),
    shown: visible(line),
  }));

/** The text of a list. As `decodeList`. */
export const readListText = (file: string): string => decodeList(readFileSync(file), file);

/** The rows of a tab- or comma-separated list. As `decodeList`. */
export const readRows = (file: string, separator: '\t' | ','): ListRow[] =>
  rowsOf(readListText(file), separator);
