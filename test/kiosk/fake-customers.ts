import type { CustomerPage, Customers, Proof } from '../../src/gallery/contract/customers.ts';
import { stateConfig } from '../../src/state/config.ts';
import type { MemoryGallery } from './fakes.ts';

/** The telephone and the PIN by which the fakes know their first person. */
export const FAKE_ACCESS = { telephone: '01012345678', pin: '2468' } as const;

export const pageOf = (over: Partial<CustomerPage> = {}): CustomerPage => ({
  id: 'id-0',
  name: '김민지',
  enrolledAt: '2026-03-02T02:00:00.000Z',
  demo: false,
  consent: {
    version: stateConfig.enrolment.consentVersion,
    givenAt: '2026-03-02T02:00:00.000Z',
    expiresAt: '2027-03-02T02:00:00.000Z',
  },
  visits: 4,
  lastVisit: '2026-10-18T05:30:00.000Z',
  savedFrames: ['jongno-brow', 'hangang-round'],
  hasFace: true,
  hasPin: true,
  ...over,
});

/** What the fakes take from staff who confirm. */
export const FAKE_STAFF_PIN = '246813';

const WRONG = { kind: 'wrong', retryAt: null } as const;
const fits = (proof: Proof): boolean =>
  proof.kind === 'head-turned' || proof.pin === (proof.kind === 'own-pin' ? FAKE_ACCESS.pin : FAKE_STAFF_PIN);

/** Customers' pages in memory; the first person is found by `FAKE_ACCESS`. */
export function fakeCustomers(
  gallery: Pick<MemoryGallery, 'people' | 'doubts' | 'remove'>,
  over: Partial<CustomerPage> = {},
): Customers {
  const pages = new Map<string, CustomerPage>();
  const page = async (id: string): Promise<CustomerPage> => {
    const person = gallery.people.find((one) => one.id === id);
    if (!person) throw new Error(`The fake gallery has nobody ${id}.`);
    const known =
      pages.get(id) ??
      pageOf({ id, name: person.name, savedFrames: [], visits: 0, lastVisit: null, ...over });
    pages.set(id, known);
    return known;
  };
  const change = async (id: string, over: (page: CustomerPage) => Partial<CustomerPage>) => {
    const before = await page(id);
    pages.set(id, { ...before, ...over(before) });
    return page(id);
  };
  return {
    page,
    visited: (id) => change(id, ({ visits }) => ({ visits: visits + 1 })),
    async doubted(id, why, then) {
      gallery.doubts.push(`${id} ${why}, ${then}`);
    },
    saveFrame: (id, frame) => change(id, ({ savedFrames }) => ({ savedFrames: [...savedFrames, frame] })),
    removeFrame: (id, frame) =>
      change(id, ({ savedFrames }) => ({ savedFrames: savedFrames.filter((one) => one !== frame) })),
    renewConsent: async (id, consent, proof) =>
      fits(proof) ? { kind: 'done', page: await change(id, () => ({ consent })) } : WRONG,
    async lookUp({ telephone, pin }) {
      const first = gallery.people[0];
      const right = telephone.replace(/\D/g, '') === FAKE_ACCESS.telephone && pin === FAKE_ACCESS.pin;
      return first && right
        ? { kind: 'found', page: await page(first.id) }
        : { kind: 'wrong', retryAt: null };
    },
    beginTurn: async () => null,
    turnFailed: async () => {},
    async withdraw(id, proof) {
      if (!fits(proof)) return WRONG;
      await gallery.remove(id);
      return { kind: 'done' };
    },
  };
}
