import type { Clock } from '@rounz/core/time/clock.ts';
import type {
  CustomerPage,
  Customers,
  DoubtedThen,
  Proof,
  Refusal,
} from '../../gallery/contract/customers.ts';
import type { Consent, TelephoneAccess } from '../../gallery/contract/person.ts';
import type { Challenge } from './challenge.ts';
import type { ConfirmStatus, Doubt, SessionPhase } from './model/types.ts';
import type { PresenceCheck } from './presence.ts';
import type { Session } from './session.ts';

/** What the visitor does on their own page, and the reading of it. */
export interface Visit {
  /** Reads the page of the greeted person; the result ends it. */
  run(): () => void;
  /** The way without a face. Never rejects: the outcome goes to the session. */
  lookUp(access: TelephoneAccess): Promise<void>;
  saveFrame(frameId: string): Promise<void>;
  removeFrame(frameId: string): Promise<void>;
  /**
   * Does what the session asks to confirm (`confirm`): erases the person, or keeps the consent that they have read in that language
   * (BCP 47). The face of a page that a face opened must still be the same. Never rejects: the outcome goes to the session.
   */
  confirm(proof: Proof, language: string): Promise<void>;
  /** Asks for a turn of the head in a PIN's place, and then does what `confirm` does. Only for somebody
   * without a PIN, where a face opened the page. */
  confirmByTurn(language: string): Promise<void>;
}

export interface VisitDeps {
  readonly session: Session;
  /** null while the gallery is not open */
  readonly customers: () => Customers | null;
  readonly clock: Clock;
  readonly presence: PresenceCheck;
  readonly challenge: Challenge;
  readonly onError: (error: unknown) => void;
  /** The passive check did not believe a face; counted beside the log. */
  readonly onDoubt: (why: Doubt['why']) => void;
  /** What is agreed to now, in that language. */
  readonly consent: (language: string) => Consent;
  /** A person was erased or renewed their consent: the list of people is read again. */
  readonly onPersonChanged: () => Promise<void>;
  /** Within this many milliseconds after a visit a return of the same face is the same visit: nobody's count grows by a
   * turn of the head. */
  readonly sameVisit: number;
}

const doubtIn = (phase: SessionPhase): Doubt | undefined =>
  phase.kind === 'greeted' || phase.kind === 'unknown' ? phase.doubt : undefined;

type Confirming = Extract<SessionPhase, { kind: 'confirm' }>;

/** Connects the session, which is pure, with the gallery, which is asynchronous. */
export function createVisit(deps: VisitDeps): Visit {
  const { session, clock } = deps;
  let last: { readonly id: string; readonly at: number } | null = null;

  function opened(): Customers {
    const customers = deps.customers();
    if (!customers) throw new Error('The gallery is not open, so no page can be read. Restart the kiosk.');
    return customers;
  }

  async function visited(id: string, how: 'face' | 'telephone') {
    const again = last?.id === id && clock.now() - last.at < deps.sameVisit;
    last = { id, at: clock.now() };
    return again ? opened().page(id) : opened().visited(id, how);
  }

  async function readPage(id: string): Promise<void> {
    try {
      session.send({ type: 'page', page: await visited(id, 'face'), at: clock.now() });
    } catch (error) {
      // The greeting stands without a page; staff can read why.
      deps.onError(error);
    }
  }

  /** The log's line of a face that was not believed; one for each greeting or refusal. */
  async function noteDoubt({ person, why }: Doubt, then: DoubtedThen): Promise<void> {
    deps.onDoubt(why);
    try {
      await opened().doubted(person, why, then);
    } catch (error) {
      deps.onError(error);
    }
  }

  const openPage = () => {
    const { phase } = session.store.getState();
    return phase.kind === 'page' ? phase.page : null;
  };

  async function change(frameId: string, how: 'saveFrame' | 'removeFrame'): Promise<void> {
    const page = openPage();
    if (!page) return;
    session.touch('active');
    try {
      session.send({ type: 'page', page: await opened()[how](page.id, frameId), at: clock.now() });
    } catch (error) {
      deps.onError(error);
    }
  }

  const isBusy = ({ status: { kind } }: Confirming): boolean => kind === 'checking' || kind === 'turning';

  const stillAsks = (asked: Confirming): boolean => {
    const { phase } = session.store.getState();
    return phase.kind === 'confirm' && phase.act === asked.act && phase.page.id === asked.page.id;
  };

  async function forget({ id }: CustomerPage, proof: Proof): Promise<Refusal | null> {
    const result = await opened().withdraw(id, proof);
    if (result.kind !== 'done') return result;
    last = null;
    session.send({ type: 'forgotten', id, at: clock.now() });
    await deps.onPersonChanged();
    return null;
  }

  async function renew({ id }: CustomerPage, proof: Proof, language: string): Promise<Refusal | null> {
    const result = await opened().renewConsent(id, deps.consent(language), proof);
    if (result.kind !== 'done') return result;
    session.send({ type: 'page', page: result.page, at: clock.now() });
    await deps.onPersonChanged();
    return null;
  }

  async function confirm(proof: Proof, language: string): Promise<void> {
    const asked = session.store.getState().phase;
    if (asked.kind !== 'confirm' || asked.status.kind === 'checking') return;
    session.send({ type: 'confirming', at: clock.now() });
    const refuse = (status: ConfirmStatus) => session.send({ type: 'refused', status, at: clock.now() });
    try {
      const presence = asked.way === 'face' ? await deps.presence.check(asked.page.id) : 'same';
      if (presence !== 'same') return refuse({ kind: presence });
      // They may have gone meanwhile, and somebody else has come.
      if (!stillAsks(asked)) return;
      const refusal = await (asked.act === 'forget'
        ? forget(asked.page, proof)
        : renew(asked.page, proof, language));
      if (refusal) refuse(refusal);
    } catch (error) {
      deps.onError(error);
      refuse({ kind: 'failed' });
    }
  }

  return {
    run: () =>
      session.store.subscribe(({ phase }, { phase: before }) => {
        const doubt = doubtIn(phase);
        if (doubt && doubt !== doubtIn(before))
          void noteDoubt(doubt, phase.kind === 'greeted' ? 'greeted' : 'asked');
        if (phase.kind !== 'greeted') return;
        const greetedBefore = before.kind === 'greeted' && before.person.id === phase.person.id;
        if (!greetedBefore) void readPage(phase.person.id);
      }),
    async lookUp(access) {
      session.send({ type: 'looking-up', at: clock.now() });
      try {
        const result = await opened().lookUp(access);
        const page = result.kind === 'found' ? await visited(result.page.id, 'telephone') : null;
        session.send({
          type: 'looked-up',
          result: page ? { kind: 'found', page } : result,
          at: clock.now(),
        });
      } catch (error) {
        deps.onError(error);
        session.send({ type: 'looked-up', result: { kind: 'failed' }, at: clock.now() });
      }
    },
    saveFrame: (frameId) => change(frameId, 'saveFrame'),
    removeFrame: (frameId) => change(frameId, 'removeFrame'),
    confirm,
    async confirmByTurn(language) {
      const asked = session.store.getState().phase;
      if (asked.kind !== 'confirm' || asked.way !== 'face' || asked.page.hasPin || isBusy(asked)) return;
      const { id } = asked.page;
      const refuse = (status: ConfirmStatus) => session.send({ type: 'refused', status, at: clock.now() });
      session.send({ type: 'confirming', at: clock.now() });
      try {
        const refusal = await opened().beginTurn(id);
        if (!stillAsks(asked)) return;
        if (refusal) return refuse(refusal);
        const passed = await deps.challenge.run(id, (view) =>
          session.send({ type: 'turning', view, at: clock.now() }),
        );
        if (!passed) await opened().turnFailed(id);
        if (!stillAsks(asked)) return;
        if (passed) return confirm({ kind: 'head-turned' }, language);
        refuse({ kind: 'unturned' });
      } catch (error) {
        deps.onError(error);
        refuse({ kind: 'failed' });
      }
    },
  };
}
