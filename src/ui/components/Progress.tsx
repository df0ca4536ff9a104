interface ProgressProps {
  /** 0..1 */
  readonly value: number;
  readonly label: string;
}

export function Progress({ value, label }: ProgressProps) {
  const share = Math.min(1, Math.max(0, value));
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <div className="progress__bar" style={{ transform: `scaleX(${share})` }} />
    </div>
  );
}
