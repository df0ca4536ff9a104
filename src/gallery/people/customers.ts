import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isPin } from '@rounz/core/people/pin.ts';
import { GALLERY } from '../base/config.ts';
import { explained } from '../base/errors.ts';
import type { CustomerPage, Customers, LookupResult } from '../contract/customers.ts';
import type { LogAction } from '../contract/log.ts';
import type { TelephoneAccess } from '../contract/person.ts';
import { toBase64 } from '../crypto/bytes.ts';
import type { Entry } from '../store/change.ts';
import type { LookupGuesses } from '../store/guesses.ts';
import type { Identity } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Editor } from './editor.ts';
import { datedConsent, keptConsent, pageOf, pinFits, telephoneTags } from './records.ts';

export interface CustomerDeps {
  readonly store: Store;
  readonly editor: Editor;
  readonly guesses: LookupGuesses;
  readonly rounds: number;
}

/** The shopper's side of the gallery. */
export function createCustomers({ store, editor, guesses, rounds }: CustomerDeps): Customers {
  const edit = async (
    id: string,
    action: LogAction,
    change: (identity: Identity, at: string) => Partial<Identity>,
    detail?: string,
  ): Promise<CustomerPage> => {
    await editor.edit(id, { actor: 'person', action, ...(detail ? { detail } : {}) }, (entry, at) => ({
      identity: change(entry.identity, at),
    }));
    return pageOf(store.entry(id));
  };

  async function lookUp({ telephone, pin }: TelephoneAccess): Promise<LookupResult> {
    const tags = await telephoneTags(store, telephone);
    const number = tags[0]!;
    const retryAt = guesses.retryAt(number);
    if (retryAt !== null) return { kind: 'wait', retryAt };
    await guesses.trying(number);
    const found = await fitting(new Set(tags), pin);
    if (!found) {
      await editor.note({ actor: 'person', action: 'look-up-failed' });
      return { kind: 'wrong', retryAt: guesses.retryAt(number) };
    }
    await guesses.succeeded(number);
    await editor.note({ actor: 'person', action: 'looked-up', person: found.id });
    return { kind: 'found', page: pageOf(store.entry(found.id)) };
  }

  /** The person with one of these tags and this PIN. Older records may hold one number twice, in two spellings. */
  async function fitting(tags: ReadonlySet<string>, pin: string): Promise<Entry | null> {
    const known = [...store.people.values()].filter(
      ({ identity: { access } }) => access && tags.has(access.tag),
    );
    if (!isPin(pin, PEOPLE.customerPin)) return null;
    for (const entry of known) if (await pinFits(pin, entry.identity.access!)) return entry;
    if (known.length === 0) await pinFits(pin, decoy);
    return null;
  }

  /** A verifier that no PIN matches, so that an unknown number takes as long as a known one. */
  const decoy = {
    salt: toBase64(crypto.getRandomValues(new Uint8Array(16))),
    hash: toBase64(new Uint8Array(32)),
    rounds,
  };

  return {
    page: (id) => explained(async () => pageOf(store.entry(id))),
    visited: (id, how) =>
      edit(
        id,
        how === 'face' ? 'recognised' : 'page-opened',
        (identity, at) => ({
          visits: identity.visits + 1,
          lastVisit: at,
          previousVisit: identity.lastVisit,
        }),
        how,
      ),
    saveFrame: (id, frameId) =>
      edit(id, 'frame-saved', ({ savedFrames }) => ({
        savedFrames: [...savedFrames.filter((one) => one !== frameId), frameId].slice(
          -GALLERY.maxSavedFrames,
        ),
      })),
    removeFrame: (id, frameId) =>
      edit(id, 'frame-saved', ({ savedFrames }) => ({
        savedFrames: savedFrames.filter((one) => one !== frameId),
      })),
    renewConsent: (id, consent) =>
      edit(
        id,
        'consent-renewed',
        () => ({ consent: keptConsent(datedConsent(store, consent), store.entry(id).demo) }),
        `consent ${consent.version}`,
      ),
    lookUp: (access) => explained(() => lookUp(access)),
    withdraw: (id) => editor.remove([id], { actor: 'person', action: 'withdrawn' }),
  };
}
