/** One enrolled person as everyone in the kiosk may see them. Pictures are never kept, and templates never leave the engine. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** ISO 8601, UTC */
  readonly enrolledAt: string;
  readonly consent: Consent;
  readonly templates: readonly TemplateMark[];
  /** rendered people of the demonstration, removable with one touch */
  readonly demo: boolean;
  /**
   * ids of people who, staff said, are others though they look like this one: their face alone opens no page. Whoever has gone
   * since may still be among them
   */
  readonly lookAlikes?: readonly string[];
}

/** What was agreed to. The engine adds `expiresAt` by core's `PEOPLE.retentionDays` where the caller gives none. */
export interface Consent {
  /** version of the text that was agreed to */
  readonly version: string;
  /** ISO 8601, UTC */
  readonly givenAt: string;
  /** language in which the text was read, BCP 47 */
  readonly language?: string;
  /** ISO 8601, UTC: from then on the person is purged by itself */
  readonly expiresAt?: string;
  /** the guardian of somebody under age agreed in their stead */
  readonly by?: 'guardian';
}

/** Description of a stored template. The template itself never leaves the engine. */
export interface TemplateMark {
  /** sha256 of the weights that made it; never compared across */
  readonly modelHash: string;
  /** ISO 8601, UTC */
  readonly createdAt: string;
}

export interface Template extends TemplateMark {
  /** unit length */
  readonly embedding: Float32Array;
}

/** The way without a face: a telephone number and a PIN for the person's page. */
export interface TelephoneAccess {
  /** as typed; compared in its normal form, see core's `people/telephone.ts` */
  readonly telephone: string;
  /** 4 to 12 digits */
  readonly pin: string;
}

export interface NewPerson {
  readonly name: string;
  readonly consent: Consent;
  /** may be empty where `access` gives another way to the page */
  readonly templates: readonly Template[];
  readonly demo?: boolean;
  readonly access?: TelephoneAccess;
  /** ids of people who look like them and, as staff said, are others: it is noted in both records */
  readonly lookAlikes?: readonly string[];
}

/** A record that failed its check on reading: kept aside, reported, never dropped silently. */
export interface DamagedRecord {
  readonly id: string;
  readonly reason: string;
}
