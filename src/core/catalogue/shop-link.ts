/** Name under which the shop's own page is given the article numbers. */
const FRAMES = 'frames';

/**
 * Bytes of the longest address that is drawn. 412 bytes are a QR code of version 15 with correction M (ISO/IEC 18004:2024,
 * table 7): 77 modules, 3 mm each where it is drawn on a standing panel, which telephones read from arm's length.
 */
export const LINK_BYTES = 412;

export interface ShopLink {
  readonly address: string;
  /** article numbers in it; fewer than were given where the code would have become too fine to read */
  readonly frames: number;
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/**
 * The shop's own page with a list of frames: its address, and the article numbers behind it as `frames=a,b,c`. Nothing else goes
 * in.
 *
 * @param page https, as the set-up checked it
 * @param ids article numbers, the most wanted first; the last ones are left out where all do not fit
 * @returns null where not even one of them fits
 */
export function shopLink(page: string, ids: readonly string[]): ShopLink | null {
  const url = new URL(page);
  const { hash } = url;
  url.hash = '';
  url.searchParams.delete(FRAMES);
  const start = `${url.href}${url.search === '' ? '?' : '&'}${FRAMES}=`;
  let list = '';
  let frames = 0;
  for (const id of ids) {
    const longer = frames === 0 ? id : `${list},${id}`;
    if (bytesOf(start + longer + hash) > LINK_BYTES) break;
    list = longer;
    frames += 1;
  }
  return frames === 0 ? null : { address: start + list + hash, frames };
}
