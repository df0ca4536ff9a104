import { listedPath, normalName } from '../data/names.ts';
import { rowsOf } from '../data/text-list.ts';

/** One row of a probe list. */
export interface Probe {
  readonly identity: string;
  /** what the person wears on the probe; several are joined by `+` in the list */
  readonly accessories: readonly string[];
  readonly picture: string;
  /** bare pictures of the same person; the first one is the gallery picture */
  readonly gallery: readonly [string, ...string[]];
}

const COLUMNS = ['identity', 'accessory', 'probe', 'gallery'];

/**
 * Reads a tab-separated list with the columns identity, accessory, probe and gallery (several pictures, `|` between them).
 *
 * @throws Error that names the line which does not fit
 */
export function parseProbes(text: string, file = 'the probe list'): Probe[] {
  const [header, ...rows] = rowsOf(text, '\t');
  if (header?.cells.join('\t') !== COLUMNS.join('\t'))
    throw new Error(
      `${file} begins with "${header?.shown ?? ''}"; it should have the columns ${COLUMNS.join(', ')}, separated by tabs.`,
    );
  return rows.map(({ number, cells, shown }) => {
    const where = `${file}, line ${number}`;
    const [identity, accessory, picture, gallery, ...rest] = cells;
    const [first, ...others] = gallery?.split('|') ?? [];
    if (!identity || !accessory || !picture || !first || rest.length > 0)
      throw new Error(`${where}: this does not have the four columns: ${shown}`);
    return {
      identity: normalName(identity),
      accessories: accessory.split('+'),
      picture: listedPath(picture, where),
      gallery: [listedPath(first, where), ...others.map((path) => listedPath(path, where))],
    };
  });
}
