/** A square cut-out around a face that the passive check looks at. */
export interface PassiveView {
  /** side, pixels */
  readonly size: number;
  /** width of the cut-out in distances between the eyes */
  readonly span: number;
}

/** The two cut-outs: bezels and edges of paper lie in the wide one, moire and grain of a print in the narrow one. */
export const PASSIVE_VIEWS = {
  context: { size: 80, span: 8 },
  detail: { size: 64, span: 2.6 },
} as const satisfies Readonly<Record<string, PassiveView>>;

export type PassiveViewName = keyof typeof PASSIVE_VIEWS;
