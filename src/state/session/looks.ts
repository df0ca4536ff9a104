import type { Clock } from '@rounz/core/time/clock.ts';
import type { StoreApi } from 'zustand/vanilla';
import type { Look, Tally } from '../../gallery/contract/tally.ts';
import type { SessionModel, SessionPhase } from './model/types.ts';

export interface LookDeps {
  readonly session: StoreApi<SessionModel>;
  /** null while the gallery is not open */
  readonly tally: () => Tally | null;
  readonly clock: Clock;
  /** milliseconds within which a return of the same person is the same visit */
  readonly sameVisit: number;
}

interface Scored {
  readonly personId: string;
  readonly score: number;
}

/** Screens on which somebody who was greeted still is. */
const GREETED: ReadonlySet<SessionPhase['kind']> = new Set(['greeted', 'page', 'confirm']);
/** Screens that somebody who was not recognised may pass on the way to their page. */
const LOOKING_UP: ReadonlySet<SessionPhase['kind']> = new Set(['unknown', 'lookup']);

/**
 * Counts how looks at faces end. Whose template was nearest is remembered until the visit ends, in memory alone and without the
 * face: it tells whether somebody who opens their page by telephone was missed. The result ends it.
 */
export function countLooks({ session, tally, clock, sameVisit }: LookDeps): () => void {
  /** greeted, and has not said "not me" yet */
  let greeted: Scored | null = null;
  /** not recognised in this visit; `nearest` null: nobody's template is known to be the nearest */
  let missed: { readonly nearest: Scored | null } | null = null;
  let last: { readonly id: string; readonly at: number } | null = null;

  const count = (look: Look): void => void tally()?.count(look);

  /** A greeting counts once nobody can contradict it any more. */
  function settleGreeting(): void {
    if (!greeted) return;
    const { personId: id, score } = greeted;
    const again = last?.id === id && clock.now() - last.at < sameVisit;
    last = { id, at: clock.now() };
    greeted = null;
    if (!again) count({ kind: 'greeted', score });
  }

  function unknown({ phase, track }: SessionModel): void {
    if (phase.kind !== 'unknown') return;
    if (phase.reason === 'not-me') {
      greeted = null;
      count({ kind: 'not-me' });
      return;
    }
    if (phase.reason !== 'no-match' && phase.reason !== 'look-alike') return;
    const verdict = track.streak?.verdict;
    const nobody = verdict?.kind === 'nobody' ? verdict : null;
    const alike = phase.reason === 'look-alike';
    count(alike ? { kind: 'alike' } : { kind: 'unknown', near: nobody?.near ?? false });
    missed = { nearest: alike ? null : (nobody?.nearest ?? null) };
  }

  function pageOpened(phase: SessionPhase): void {
    if (phase.kind !== 'page' || phase.way !== 'telephone' || !phase.page.hasFace || !missed) return;
    const { nearest } = missed;
    count({ kind: 'missed', score: nearest?.personId === phase.page.id ? nearest.score : null });
    missed = null;
  }

  return session.subscribe((model, { phase: before }) => {
    const { phase, track } = model;
    if (phase.kind === before.kind) return;
    if (phase.kind === 'greeted') {
      const verdict = track.streak?.verdict;
      const score = verdict?.kind === 'person' ? verdict.score : undefined;
      greeted = score === undefined ? null : { personId: phase.person.id, score };
      missed = null;
      return;
    }
    if (phase.kind === 'unknown') return unknown(model);
    if (phase.kind === 'page') return pageOpened(phase);
    // Whoever looks for another way right after a greeting may be somebody else.
    if (phase.kind === 'lookup') greeted = null;
    if (!GREETED.has(phase.kind)) settleGreeting();
    if (!LOOKING_UP.has(phase.kind)) missed = null;
  });
}
