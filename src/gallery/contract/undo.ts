/** An act of staff on somebody's record that can be undone for a while. */
export type UndoableAction =
  | 'removed'
  | 'merged'
  | 'renamed'
  | 'note-changed'
  | 'access-changed'
  | 'picture-added'
  | 're-enrolled'
  | 'consent-renewed';

export interface UndoableAct {
  readonly id: string;
  readonly action: UndoableAction;
  /** id of the record that it was done to, which a removal has erased */
  readonly person: string;
  /** when it was done; ISO 8601, UTC */
  readonly at: string;
  /** until when it can be undone; what is kept for that is erased then. ISO 8601, UTC */
  readonly until: string;
  /** of the person, as they were called before it */
  readonly name: string;
}

/** What a merge of two records would come to. Nothing is changed by asking. */
export interface MergePreview {
  /** whether the kiosk takes both faces for one person; `not-comparable`: one of them has none by the running model */
  readonly faces: 'alike' | 'unlike' | 'not-comparable';
  /** whose consent was given later, and counts */
  readonly consentOf: 'kept' | 'other';
  /** the later consent is one without a face: what is stored of the face is erased */
  readonly losesFace: boolean;
  /** the number of the other record goes, because the kept one has its own */
  readonly losesNumber: boolean;
  /** both notes together are longer than a note may be */
  readonly noteTooLong: boolean;
  /** after the merge */
  readonly visits: number;
}
