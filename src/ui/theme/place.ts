export type Row = 'top' | 'middle' | 'bottom';
export type Column = 'left' | 'centre' | 'right';

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Which third of the screen the middle of a box lies in, to be told in words. CSS pixels. */
export function placeOf(
  { left, top, width, height }: Box,
  screen: { readonly width: number; readonly height: number },
): `${Row}-${Column}` {
  const third = (at: number, of: number): 0 | 1 | 2 => (at < of / 3 ? 0 : at < (2 * of) / 3 ? 1 : 2);
  const rows: readonly Row[] = ['top', 'middle', 'bottom'];
  const columns: readonly Column[] = ['left', 'centre', 'right'];
  const row = rows[third(top + height / 2, screen.height)]!;
  return `${row}-${columns[third(left + width / 2, screen.width)]!}`;
}
