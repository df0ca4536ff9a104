import { GALLERY } from './config.ts';
import { isPin } from './crypto/passwords.ts';
import type { GuessCounter } from './desk/guesses.ts';
import type { Editor } from './editor.ts';
import { explained } from './errors.ts';
import { digitsOf, keptAccess, keptConsent, pageOf, pinFits, telephoneTag } from './people.ts';
import type { Identity } from './store/records.ts';
import type { Store } from './store/store.ts';
import type { CustomerPage, Customers, LogAction, LookupResult, TelephoneAccess } from './types.ts';

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
    const tag = await telephoneTag(store, telephone);
    const found = [...store.people.values()].find(({ identity }) => identity.access?.tag === tag);
    const access = found?.identity.access ?? (await decoy());
    const fits =
      isPin(pin, GALLERY.customerPin) && (await pinFits(pin, access)) && digitsOf(telephone) !== '';
    if (!found || !fits) {
      await editor.note({ actor: 'person', action: 'look-up-failed' });
      return { kind: 'wrong', retryAt: guesses.retryAt() };
    }
    await guesses.succeeded();
    await editor.note({ actor: 'person', action: 'looked-up', person: found.id });
    return { kind: 'found', page: pageOf(store.entry(found.id)) };
  }

  /** What no PIN fits: an unknown number takes as long as a known one. */
  let made: Promise<NonNullable<Identity['access']>> | null = null;
  const decoy = () => {
    made ??= keptAccess(store, { telephone: '0000000', pin: '0000' }, rounds).then((access) => ({
      ...access,
      hash: btoa('\0'.repeat(32)),
    }));
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
