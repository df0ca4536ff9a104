/** What the muscles do; 0 is at rest. */
export interface Expression {
  /** -1 corners down .. 1 a full, still natural smile */
  readonly smile: number;
  /** 0 .. 1 brows drawn together and down */
  readonly frown: number;
  /** 0 .. 1 lips parted, teeth shown */
  readonly parted: number;
  /** 0 open .. 1 eyes shut */
  readonly blink: number;
  /** -1 .. 1 where the eyes look, to the picture's left .. right */
  readonly gazeX: number;
  /** -1 .. 1 down .. up */
  readonly gazeY: number;
}

export type ExpressionName = 'neutral' | 'smile' | 'grin' | 'frown' | 'blink';

const REST: Expression = { smile: 0.28, frown: 0, parted: 0, blink: 0, gazeX: 0, gazeY: 0 };

/** A neutral face keeps a trace of a smile: a corner that lies exactly level reads as sullen. */
export const EXPRESSIONS: Readonly<Record<ExpressionName, Expression>> = {
  neutral: REST,
  smile: { ...REST, smile: 0.75 },
  grin: { ...REST, smile: 0.9, parted: 0.8 },
  frown: { ...REST, smile: -0.55, frown: 1 },
  blink: { ...REST, blink: 1 },
};
