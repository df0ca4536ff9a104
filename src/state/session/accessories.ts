import type { Accessory } from '@rounz/core/model/accessories.ts';
import type { SessionModel } from './model/types.ts';

/** What hides most first: a screen names one thing. Dark glasses are eyewear too. */
const BY_COVER: readonly Accessory[] = ['mask', 'sunglasses', 'eyewear', 'hat'];

/** The one thing to name of what a face wears; null where it wears nothing that is known of. */
export const accessoryToName = (worn: readonly Accessory[]): Accessory | null =>
  BY_COVER.find((accessory) => worn.includes(accessory)) ?? null;

/** What the visitor wears, as the newest frame showed. */
export const visitorsAccessory = ({ track }: SessionModel): Accessory | null => accessoryToName(track.worn);
