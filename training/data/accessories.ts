import { listedPath, normalName } from './names.ts';
import { readRows } from './text-list.ts';

/** What is worn on a picture, by the file's own column names. */
export type WornLabels = ReadonlyMap<string, boolean>;

/**
 * Which accessories a set's pictures (`set/path`) show.
 *
 * @param spec `set=file.tsv`; the file has a header, then a path within the set and a 0 or 1 for each accessory
 * @throws Error where a line does not have that form
 */
export function readWornLabels(spec: string): Map<string, WornLabels> {
  const [set, file] = [spec.slice(0, spec.indexOf('=')), spec.slice(spec.indexOf('=') + 1)];
  if (!set) throw new Error(`--accessories takes set=file.tsv, not ${spec}.`);
  const [header, ...rows] = readRows(file, '\t');
  const [, ...names] = header?.cells ?? [];
  return new Map(
    rows.map(({ number, cells: [path, ...flags], shown }): [string, WornLabels] => {
      const whole = flags.length === names.length && flags.every((flag) => flag === '0' || flag === '1');
      const where = `${file}, line ${number}`;
      if (!path || flags.length === 0 || !whole)
        throw new Error(`${where}: a path and 0 or 1 for each accessory, not "${shown}".`);
      return [
        `${normalName(set)}/${listedPath(path, where)}`,
        new Map(names.map((name, i) => [name, flags[i] === '1'])),
      ];
    }),
  );
}

/** Paths (`set/path`) of a set's pictures that show an accessory. As `readWornLabels`. */
export const readAccessories = (spec: string): string[] =>
  [...readWornLabels(spec)].flatMap(([path, worn]) => ([...worn.values()].includes(true) ? [path] : []));
