import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isPin } from '@rounz/core/people/pin.ts';
import { GALLERY } from '../base/config.ts';
import { explained } from '../base/errors.ts';
import type { CustomerPage, Customers, LookupResult, Proof, Refusal } from '../contract/customers.ts';
import type { StaffName, Vouched } from '../contract/lock.ts';
import type { LogAction } from '../contract/log.ts';
import type { TelephoneAccess } from '../contract/person.ts';
import { toBase64 } from '../crypto/bytes.ts';
import type { LogLine } from '../store/access-log.ts';
import type { Entry } from '../store/change.ts';
import type { LookupGuesses } from '../store/guesses.ts';
import type { Identity } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Editor } from './editor.ts';
import { datedConsent, keptConsent, keptPin, pageOf, pinFits, telephoneTags } from './records.ts';

export interface CustomerDeps {
  readonly store: Store;
  readonly editor: Editor;
  readonly guesses: LookupGuesses;
  /** challenges that were not met, by the person's id */
  readonly turns: LookupGuesses;
  /** tries a PIN of staff who stand by */
  readonly vouch: (pin: string) => Promise<Vouched>;
  readonly rounds: number;
}

/** The shopper's side of the gallery. */
export function createCustomers({ store, editor, guesses, turns, vouch, rounds }: CustomerDeps): Customers {
  const edit = async (
    id: string,
    action: LogAction,
    change: (identity: Identity, at: string) => Partial<Identity>,
    line: Pick<LogLine, 'detail' | 'by'> = {},
  ): Promise<CustomerPage> => {
    await editor.edit(id, { actor: 'person', action, ...line }, (entry, at) => ({
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
    await looked(found, pin);
    return { kind: 'found', page: pageOf(store.entry(found.id)) };
  }

  /** Notes it, and hashes a PIN of an earlier version with this installation's key while it is known. */
  async function looked({ id, identity: { access } }: Entry, pin: string): Promise<void> {
    const line = { actor: 'person', action: 'looked-up' } as const;
    if (!access || access.pepper !== undefined) return editor.note({ ...line, person: id });
    const kept = await keptPin(store, pin, rounds);
    await editor.edit(id, line, () => ({ identity: { access: { ...access, ...kept } } }));
  }

  /** The person with one of these tags and this PIN. Older records may hold one number twice, in two spellings. */
  async function fitting(tags: ReadonlySet<string>, pin: string): Promise<Entry | null> {
    const known = [...store.people.values()].filter(
      ({ identity: { access } }) => access && tags.has(access.tag),
    );
    if (!isPin(pin, PEOPLE.customerPin)) return null;
    for (const entry of known) if (await pinFits(store, pin, entry.identity.access!)) return entry;
    if (known.length === 0) await pinFits(store, pin, decoy);
    return null;
  }

  /** Does what the person wishes, once the PIN that shows the wish is right. Wrong ones are counted where they belong. */
  async function proven<T extends object>(
    id: string,
    proof: Proof,
    act: (by: StaffName | null, how: string) => Promise<T>,
  ): Promise<(T & { readonly kind: 'done' }) | Refusal> {
    const entry = store.entry(id);
    if (proof.kind === 'head-turned') {
      // Whoever has chosen a PIN is held to it: a recording can show the right turn.
      if (entry.identity.access) return { kind: 'wrong', retryAt: null };
      const done = await act(null, 'head turned as asked');
      await turns.succeeded(id);
      return { ...done, kind: 'done' };
    }
    const { kind, pin } = proof;
    if (kind === 'staff-pin') {
      const vouched = await vouch(pin);
      if (vouched.kind !== 'open') return vouched;
      return { ...(await act(vouched.by, 'confirmed by staff')), kind: 'done' };
    }
    const { access } = entry.identity;
    if (!access) return { kind: 'wrong', retryAt: null };
    const retryAt = guesses.retryAt(access.tag);
    if (retryAt !== null) return { kind: 'wait', retryAt };
    await guesses.trying(access.tag);
    if (!isPin(pin, PEOPLE.customerPin) || !(await pinFits(store, pin, access))) {
      await editor.note({ actor: 'person', action: 'confirm-failed', person: id });
      return { kind: 'wrong', retryAt: guesses.retryAt(access.tag) };
    }
    await guesses.succeeded(access.tag);
    return { ...(await act(null, 'own PIN')), kind: 'done' };
  }

  /** A verifier that no PIN matches, so that an unknown number takes as long as a known one. */
  const decoy = {
    salt: toBase64(crypto.getRandomValues(new Uint8Array(16))),
    hash: toBase64(new Uint8Array(32)),
    rounds,
    pepper: store.installation.pinPepperId,
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
        { detail: how },
      ),
    doubted: (id, why, then) =>
      explained(() =>
        editor.note({ actor: 'kiosk', action: 'face-doubted', person: id, detail: `${why}, ${then}` }),
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
    renewConsent: (id, consent, proof) =>
      explained(() =>
        proven(id, proof, async (by, how) => ({
          page: await edit(
            id,
            'consent-renewed',
            () => ({ consent: keptConsent(datedConsent(store, consent), store.entry(id).demo) }),
            { detail: `consent ${consent.version}, ${how}`, by },
          ),
        })),
      ),
    beginTurn: (id) =>
      explained(async () => {
        const retryAt = turns.retryAt(id);
        if (retryAt !== null) return { kind: 'wait', retryAt };
        await turns.trying(id);
        return null;
      }),
    turnFailed: (person) =>
      explained(() =>
        editor.note({
          actor: 'person',
          action: 'confirm-failed',
          person,
          detail: 'head not turned as asked',
        }),
      ),
    lookUp: (access) => explained(() => lookUp(access)),
    withdraw: (id, proof) =>
      explained(() =>
        proven(id, proof, async (by, detail) => {
          await editor.remove([id], { actor: 'person', action: 'withdrawn', detail, by });
          return {};
        }),
      ),
  };
}
