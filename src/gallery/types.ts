/** One enrolled person. Pictures are never kept: a template is an embedding and nothing else. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** ISO 8601, UTC */
  readonly enrolledAt: string;
  readonly consent: Consent;
  readonly templates: readonly Template[];
  /** rendered people of the demonstration, removable with one touch */
  readonly demo: boolean;
}

export interface Consent {
  /** version of the text that was agreed to */
  readonly version: string;
  /** ISO 8601, UTC */
  readonly givenAt: string;
}

export interface Template {
  /** unit length */
  readonly embedding: Float32Array;
  /** sha256 of the weights that made it; never compared across */
  readonly modelHash: string;
  readonly createdAt: string;
}

/** A record that failed its check on reading: kept aside, reported, never dropped silently. */
export interface DamagedRecord {
  readonly id: string;
  readonly reason: string;
}

export interface NewPerson {
  readonly name: string;
  readonly consent: Consent;
  readonly templates: readonly Template[];
  readonly demo?: boolean;
}

/** The store of enrolled people. Every write is one transaction: it happened whole or not at all. */
export interface Gallery {
  /** Reads everyone; damaged records are reported beside the others, which survive. */
  load(): Promise<{ people: readonly Person[]; damaged: readonly DamagedRecord[] }>;
  enrol(person: NewPerson): Promise<Person>;
  remove(id: string): Promise<void>;
  /** Removes a damaged record for good. */
  discardDamaged(id: string): Promise<void>;
  removeDemo(): Promise<void>;
  close(): void;
}
