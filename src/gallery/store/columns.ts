/** A value of JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/**
 * A column of rows, its form first:
 *
 * - `['=', value]`: the same in every row
 * - `['a', values]`: each row's own
 * - `['d', distinct, places]`: few distinct primitives; of each row, the place in `distinct`
 * - `['o', keys, columns]`: objects
 * - `['l', lengths, column]`: arrays; all of their elements are one column
 * - `['n', rows, column]`: null but in these rows, whose values are the column
 * - `['m', rows, column]`: a key that only these rows have
 */
export type Column =
  | readonly ['=', Json]
  | readonly ['a', readonly Json[]]
  | readonly ['d', readonly Json[], readonly number[]]
  | readonly ['o', readonly string[], readonly Column[]]
  | readonly ['l', readonly number[], Column]
  | readonly ['n' | 'm', readonly number[], Column];

/** Largest number of distinct values that are listed once, as a share of the rows. */
const FEW = 0.5;

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);
const isPrimitive = (value: Json): boolean => typeof value !== 'object' || value === null;

/**
 * Lays out rows by column. Thousands of records repeat their keys, dates and hashes: here each key stands once, and `JSON.parse`
 * makes one string of what is equal. It has a third of the text to read.
 *
 * @param rows values as JSON knows them; a key whose value is undefined is one that its row has not
 */
export function toColumn(rows: readonly Json[]): Column {
  const [first] = rows;
  if (first === undefined) return ['a', []];
  if (rows.every(isPrimitive)) return ofPrimitives(rows);
  const filled = rows.flatMap((row, at) => (row === null ? [] : [at]));
  const values = filled.map((at) => rows[at]!);
  const whole = ofObjects(values) ?? ofArrays(values) ?? (['a', values] as const);
  return filled.length === rows.length ? whole : ['n', filled, whole];
}

function ofPrimitives(rows: readonly Json[]): Column {
  const places = new Map<Json, number>();
  for (const row of rows) if (!places.has(row)) places.set(row, places.size);
  if (places.size === 1) return ['=', rows[0]!];
  if (places.size > FEW * rows.length) return ['a', rows];
  return ['d', [...places.keys()], rows.map((row) => places.get(row)!)];
}

function ofObjects(rows: readonly Json[]): Column | null {
  if (!rows.every(isObject)) return null;
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row).filter((key) => row[key] !== undefined)))];
  // Assigned to an object it would not become a key.
  if (keys.includes('__proto__')) return null;
  const columns = keys.map((key): Column => {
    const having = rows.flatMap((row, at) => (Object.hasOwn(row, key) && row[key] !== undefined ? [at] : []));
    const column = toColumn(having.map((at) => rows[at]![key]!));
    return having.length === rows.length ? column : ['m', having, column];
  });
  return ['o', keys, columns];
}

function ofArrays(rows: readonly Json[]): Column | null {
  if (!rows.every(isArray)) return null;
  return ['l', rows.map(({ length }) => length), toColumn(rows.flat(1))];
}

/**
 * The rows that `toColumn` laid out.
 *
 * @param count of rows
 */
export function fromColumn(column: Column, count: number): readonly Json[] {
  switch (column[0]) {
    case '=':
      return new Array<Json>(count).fill(column[1]);
    case 'a':
      return column[1];
    case 'd': {
      const [, distinct, places] = column;
      return places.map((place) => distinct[place]!);
    }
    case 'o':
      return objectsOf(column[1], column[2], count);
    case 'l': {
      const [, lengths, elements] = column;
      const all = fromColumn(
        elements,
        lengths.reduce((sum, length) => sum + length, 0),
      );
      let at = 0;
      return lengths.map((length) => {
        at += length;
        return all.slice(at - length, at);
      });
    }
    case 'n': {
      const rows = new Array<Json>(count).fill(null);
      const values = fromColumn(column[2], column[1].length);
      column[1].forEach((row, i) => {
        rows[row] = values[i]!;
      });
      return rows;
    }
    default:
      throw new Error('A key that some rows have stands outside of an object.');
  }
}

function objectsOf(keys: readonly string[], columns: readonly Column[], count: number): Json[] {
  const rows = Array.from({ length: count }, (): Record<string, Json> => ({}));
  columns.forEach((column, k) => {
    const key = keys[k]!;
    if (column[0] === 'm') {
      const values = fromColumn(column[2], column[1].length);
      column[1].forEach((row, i) => {
        rows[row]![key] = values[i]!;
      });
      return;
    }
    const values = fromColumn(column, count);
    for (let row = 0; row < count; row++) rows[row]![key] = values[row]!;
  });
  return rows;
}
