import type { Consent, TelephoneAccess } from './person.ts';

/** What a person's own page shows. */
export interface CustomerPage {
  readonly id: string;
  readonly name: string;
  readonly enrolledAt: string;
  readonly demo: boolean;
  readonly consent: Consent;
  readonly visits: number;
  /** the visit before this one; ISO 8601, UTC */
  readonly lastVisit: string | null;
  /** catalogue ids, the newest last */
  readonly savedFrames: readonly string[];
  readonly hasFace: boolean;
  /** whether they have chosen a PIN, with a telephone number */
  readonly hasPin: boolean;
}

export type LookupResult =
  | { readonly kind: 'found'; readonly page: CustomerPage }
  /** no such number, or the wrong PIN: which of the two is not told */
  | { readonly kind: 'wrong'; readonly retryAt: number | null }
  | { readonly kind: 'wait'; readonly retryAt: number };

/**
 * Proof that an act is the person's own wish: their PIN; the PIN of staff who stand by; or, for a person without a PIN, a head
 * that turned as the kiosk asked and whose face is the person's. A face alone proves nothing: a picture shows it as well.
 */
export type Proof =
  | { readonly kind: 'own-pin' | 'staff-pin'; readonly pin: string }
  | { readonly kind: 'head-turned' };

/** Why an act was not done: the PIN was wrong, or it was not even tried yet. Nothing was changed. */
export type Refusal =
  | { readonly kind: 'wrong'; readonly retryAt: number | null }
  | { readonly kind: 'wait'; readonly retryAt: number };

/** What became of a face that the passive check did not believe: greeted all the same, or asked for telephone and PIN. */
export type DoubtedThen = 'greeted' | 'asked';

/** The shopper's side: works while the staff console is locked and gives no access to staff data. */
export interface Customers {
  page(id: string): Promise<CustomerPage>;
  /** Counts a visit and writes the log's line. */
  visited(id: string, how: 'face' | 'telephone'): Promise<CustomerPage>;
  /** Writes the log's line of a face that was recognised and looked like a picture, or that the passive check could not look at. */
  doubted(id: string, why: 'picture' | 'unchecked', then: DoubtedThen): Promise<void>;
  saveFrame(id: string, frameId: string): Promise<CustomerPage>;
  removeFrame(id: string, frameId: string): Promise<CustomerPage>;
  lookUp(access: TelephoneAccess): Promise<LookupResult>;
  /** The person has read the text of today and agrees to it, on their own page. */
  renewConsent(
    id: string,
    consent: Consent,
    proof: Proof,
  ): Promise<{ readonly kind: 'done'; readonly page: CustomerPage } | Refusal>;
  /** Counts a challenge as not met before it begins, until `head-turned` is taken; says until when none may begin. */
  beginTurn(id: string): Promise<Extract<Refusal, { kind: 'wait' }> | null>;
  /** Notes that the challenge was not met. */
  turnFailed(id: string): Promise<void>;
  /** The person asks to be forgotten: at once and for good. */
  withdraw(id: string, proof: Proof): Promise<{ readonly kind: 'done' } | Refusal>;
}
