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
export function parseProbes(text: string): Probe[] {
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  if (header !== COLUMNS.join('\t'))
    throw new Error(`A probe list begins with the columns ${COLUMNS.join(', ')}, separated by tabs.`);
  return lines.map((line, row) => {
    const [identity, accessory, picture, gallery, ...rest] = line.split('\t');
    const [first, ...others] = gallery?.split('|') ?? [];
    if (!identity || !accessory || !picture || !first || rest.length > 0)
      throw new Error(`Line ${row + 2} of the probe list does not have the four columns: ${line}`);
    return { identity, accessories: accessory.split('+'), picture, gallery: [first, ...others] };
  });
}
