import { z } from 'zod';
import type { FirstKnownDates, FoundByKiosk } from '../contract/staff.ts';
import type { Store } from '../store/store.ts';

z.config({ jitless: true });

const FIRST_KNOWN = 'first-known';

const datesSchema = z.partialRecord(
  z.enum(['log-broken', 'records-damaged', 'gallery-lost']),
  z.iso.datetime(),
);

/** When the kiosk first found what is wrong with people's data: the time within which people are told runs from then. */
export interface FirstKnown {
  dates(): FirstKnownDates;
  /** Whether each of these was found now. The first time is kept until it is found no more. */
  note(found: Readonly<Partial<Record<FoundByKiosk, boolean>>>): Promise<void>;
}

/** Reads the dates; a damaged row counts as none. */
export async function openFirstKnown({ storage }: Pick<Store, 'storage'>): Promise<FirstKnown> {
  let dates: FirstKnownDates = (await storage.meta.get(FIRST_KNOWN, datesSchema).catch(() => null)) ?? {};
  return {
    dates: () => dates,
    async note(found) {
      const next: Partial<Record<FoundByKiosk, string>> = { ...dates };
      for (const [kind, is] of Object.entries(found) as [FoundByKiosk, boolean][])
        if (!is) delete next[kind];
        else next[kind] ??= storage.record.time.date();
      if (JSON.stringify(next) === JSON.stringify(dates)) return;
      await storage.meta.put(FIRST_KNOWN, datesSchema.parse(next));
      dates = next;
    },
  };
}
