import { readFileSync } from 'node:fs';

/**
 * Paths (`set/path`) of a set's pictures that show an accessory.
 *
 * @param spec `set=file.tsv`; the file has a header, then a path within the set and a 0 or 1 for each accessory
 * @throws Error where a line does not have that form
 */
export function readAccessories(spec: string): string[] {
  const [set, file] = [spec.slice(0, spec.indexOf('=')), spec.slice(spec.indexOf('=') + 1)];
  if (!set) throw new Error(`--accessories takes set=file.tsv, not ${spec}.`);
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/);
  return lines.flatMap((line, row) => {
    const [path, ...flags] = line.split('\t');
    if (!path || flags.length === 0 || flags.some((flag) => flag !== '0' && flag !== '1'))
      throw new Error(`${file}, line ${row + 2}: a path and 0 or 1 for each accessory, not "${line}".`);
    return flags.includes('1') ? [`${set}/${path}`] : [];
  });
}
