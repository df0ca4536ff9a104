import type { Accessory } from '@rounz/core/model/accessories.ts';
import type { SessionModel, SessionPhase } from '../../src/state/session/model/types.ts';
import type { Preferences } from '../../src/state/session/preferences.ts';
import { pageOf } from './fake-customers.ts';

/** Every screen that a shopper can see, as the state that draws it. */
export interface Screen {
  readonly phase: SessionPhase;
  /** without a camera's picture */
  readonly dark?: boolean;
  readonly faceCount?: SessionModel['faceCount'];
  /** what the recogniser sees on the face */
  readonly worn?: readonly Accessory[];
  /** a call for staff is going on */
  readonly called?: boolean;
  /** what is touched one after the other, by test id and, where several share it, `data-key`: a dialog opens over the screen */
  readonly opens?: readonly (string | readonly [testId: string, key: string])[];
  /** a dialog is open at the end of it */
  readonly dialog?: true;
}

/** What the frozen clock shows; ends lie before and after it. Milliseconds. */
export const FROZEN = 1_000_000;
const ending = { until: FROZEN + 60_000, warning: false } as const;
const minji = {
  id: 'id-0',
  name: '김민지',
  enrolledAt: '2026-03-02T02:00:00.000Z',
  demo: false,
} as const;
const page = { kind: 'page', page: pageOf(), way: 'face', ...ending } as const;

/** "Forget me", before it acts. */
const confirm = { ...page, kind: 'confirm', act: 'forget' } as const;

/** Letters of the search in each language; the pad has those of one. */
const letters = (korean: readonly string[], english: readonly string[]) =>
  [...korean, ...english].map((key) => ['letter', key] as const);

/** Given to a text that has changed since. */
const OLD_CONSENT = { version: '2025-1', givenAt: '2026-03-02T02:00:00.000Z' } as const;

export const SCREENS = {
  starting: {
    phase: { kind: 'starting', progress: { stage: 'download', done: 30, total: 52 }, awaited: false },
    dark: true,
  },
  awaited: {
    phase: { kind: 'starting', progress: { stage: 'warm-up', done: 1, total: 2 }, awaited: true },
    dark: true,
  },
  attract: { phase: { kind: 'attract', armed: true } },
  done: { phase: { kind: 'attract', armed: false } },
  consent: { phase: { kind: 'consent', mark: { kind: 'unseen' }, ...ending } },
  looking: { phase: { kind: 'looking', hint: null } },
  several: { phase: { kind: 'deciding', hint: null, progress: 0.5 }, faceCount: 2 },
  hint: { phase: { kind: 'looking', hint: 'too-dark' } },
  'looking-worn': { phase: { kind: 'deciding', hint: null, progress: 0.5 }, worn: ['eyewear'] },
  greeted: { phase: { kind: 'greeted', person: minji, page: pageOf(), openAt: FROZEN, ...ending } },
  'greeted-worn': {
    phase: { kind: 'greeted', person: minji, page: pageOf(), openAt: FROZEN, ...ending },
    worn: ['eyewear'],
  },
  page: { phase: page },
  'page-new': { phase: { ...page, page: pageOf({ savedFrames: [], visits: 1, lastVisit: null }) } },
  'page-warning': { phase: { ...page, until: FROZEN + 8_000, warning: true } },
  'page-consent': { phase: { ...page, page: pageOf({ consent: OLD_CONSENT }) } },
  'page-consent-read': {
    phase: { ...page, page: pageOf({ consent: OLD_CONSENT }) },
    opens: ['consent-read'],
    dialog: true,
  },
  search: { phase: page, opens: ['frame-search', ...letters(['ㅎ', 'ㄱ'], ['h', 'a'])], dialog: true },
  filter: { phase: page, opens: ['frame-filter'], dialog: true },
  'found-none': {
    phase: page,
    opens: ['frame-search', ...letters(['ㅋ', 'ㅋ'], ['z', 'z'])],
    dialog: true,
  },
  found: { phase: page, opens: ['frame-search', ...letters(['ㅎ'], ['h']), 'frames-show'] },
  fit: { phase: page, opens: ['frame-fit'], dialog: true },
  'fit-told': { phase: page, opens: ['frame-fit', 'fit-look'], dialog: true },
  take: { phase: page, opens: ['frame-take'], dialog: true },
  forget: { phase: page, opens: ['forget'], dialog: true },
  'confirm-forget': { phase: { ...confirm, status: { kind: 'typing' } } },
  'confirm-checking': { phase: { ...confirm, status: { kind: 'checking' } } },
  'confirm-other': { phase: { ...confirm, status: { kind: 'other' } } },
  'turn-offer': { phase: { ...confirm, page: pageOf({ hasPin: false }), status: { kind: 'typing' } } },
  'turn-steady': {
    phase: { ...confirm, status: { kind: 'turning', view: { kind: 'steady', failure: null } } },
  },
  'turn-again': {
    phase: { ...confirm, status: { kind: 'turning', view: { kind: 'steady', failure: 'too-late' } } },
  },
  'turn-left': {
    phase: {
      ...confirm,
      status: { kind: 'turning', view: { kind: 'turn', way: 'left', until: FROZEN + 3_400 } },
    },
  },
  'turn-up': {
    phase: {
      ...confirm,
      status: { kind: 'turning', view: { kind: 'turn', way: 'up', until: FROZEN + 3_400 } },
    },
  },
  'confirm-staff': {
    phase: {
      ...confirm,
      page: pageOf({ hasPin: false }),
      act: 'renew',
      status: { kind: 'wrong', retryAt: null },
    },
  },
  unknown: { phase: { kind: 'unknown', reason: 'no-match', ...ending } },
  'look-alike': { phase: { kind: 'unknown', reason: 'look-alike', ...ending } },
  'not-me': { phase: { kind: 'unknown', reason: 'not-me', ...ending } },
  lookup: { phase: { kind: 'lookup', status: { kind: 'typing' }, ...ending } },
  'lookup-wrong': { phase: { kind: 'lookup', status: { kind: 'wrong', retryAt: null }, ...ending } },
  leaving: { phase: { kind: 'leaving', reason: 'done', until: FROZEN } },
  forgotten: { phase: { kind: 'leaving', reason: 'forgotten', until: FROZEN } },
  'out-of-order': {
    phase: { kind: 'out-of-order', reason: 'no-camera', detail: 'NotFoundError: Requested device not found' },
    dark: true,
  },
  called: { phase: { kind: 'unknown', reason: 'no-match', ...ending }, called: true },
  settings: { phase: { kind: 'attract', armed: true }, opens: ['settings'], dialog: true },
} as const satisfies Readonly<Record<string, Screen>>;

export type ScreenName = keyof typeof SCREENS;

/** How a screen can be looked at. */
export const MODES = {
  light: {},
  dark: { theme: 'dark' },
  contrast: { contrast: 'high' },
  large: { textSize: 200 },
  low: { position: 'low' },
} as const satisfies Readonly<Record<string, Partial<Preferences>>>;

export type ModeName = keyof typeof MODES;
