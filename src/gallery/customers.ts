import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isPin } from '@rounz/core/people/pin.ts';
import { GALLERY } from './config.ts';
import type { CustomerPage, Customers, LookupResult } from './contract/customers.ts';
import type { LogAction } from './contract/log.ts';
import type { TelephoneAccess } from './contract/person.ts';
import type { GuessCounter } from './desk/guesses.ts';
import type { Editor } from './editor.ts';
import { explained } from './errors.ts';
import { keptConsent, keptPin, pageOf, pinFits, telephoneTags } from './people.ts';
import type { Entry } from './store/change.ts';
import type { Identity } from './store/records.ts';
import type { Store } from './store/store.ts';

export interface CustomerDeps {
  readonly store: Store;
  readonly editor: Editor;
  readonly guesses: GuessCounter;
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
    const retryAt = guesses.retryAt();
    if (retryAt !== null) return { kind: 'wait', retryAt };
    await guesses.trying();
    const found = await fitting(telephone, pin);
    if (!found) {
      await editor.note({ actor: 'person', action: 'look-up-failed' });
      return { kind: 'wrong', retryAt: guesses.retryAt() };
    }
    await guesses.succeeded();
    await editor.note({ actor: 'person', action: 'looked-up', person: found.id });
    return { kind: 'found', page: pageOf(store.entry(found.id)) };
  }

  /** The person with this number and PIN. Older records may hold one number twice, in two spellings. */
  async function fitting(telephone: string, pin: string): Promise<Entry | null> {
    const tags = new Set(await telephoneTags(store, telephone));
    const known = [...store.people.values()].filter(
      ({ identity: { access } }) => access && tags.has(access.tag),
    );
    if (!isPin(pin, PEOPLE.customerPin)) return null;
    for (const entry of known) if (await pinFits(pin, entry.identity.access!)) return entry;
    if (known.length === 0) await pinFits(pin, await decoy());
    return null;
  }

  /** A verifier that no PIN matches, so that an unknown number takes as long as a known one. */
  let made: ReturnType<typeof keptPin> | null = null;
  const decoy = () => {
    made ??= keptPin('0000', rounds).then((kept) => ({ ...kept, hash: btoa('\0'.repeat(32)) }));
    return made;
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
        () => ({ consent: keptConsent(consent, store.entry(id).demo) }),
        `consent ${consent.version}`,
      ),
    lookUp: (access) => explained(() => lookUp(access)),
    setAccess: (id, access) => editor.setAccess(id, access, 'person'),
    withdraw: (id) => editor.remove([id], { actor: 'person', action: 'withdrawn' }),
  };
}
