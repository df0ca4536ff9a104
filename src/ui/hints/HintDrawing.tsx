import type { QualityIssue } from '@rounz/core/face/face.ts';
import type { Accessory } from '@rounz/core/model/accessories.ts';
import type { ReactNode } from 'react';

type Hint = QualityIssue | 'disagreeing';

interface HeadProps {
  readonly x?: number;
  readonly y?: number;
  readonly size?: number;
  readonly eyes?: 'open' | 'closed' | 'none';
  readonly turn?: number;
  readonly children?: ReactNode;
}

/** A head of the drawings, about (48, 48) on a 96x96 grid. `turn` shifts the features, in grid units. */
function Head({ x = 48, y = 48, size = 1, eyes = 'open', turn = 0, children }: HeadProps) {
  return (
    <g transform={`translate(${x} ${y}) scale(${size})`}>
      <ellipse rx="21" ry="26" />
      <g transform={`translate(${turn} 0)`}>
        {eyes === 'open' && <path d="M-8-5v3M8-5v3" />}
        {eyes === 'closed' && <path d="M-12-4q4 4 8 0M4-4q4 4 8 0" />}
        <path d="M0-1v7l-2 1" />
        <path d="M-6 14q6 4 12 0" />
      </g>
      {children}
    </g>
  );
}

const sun = (x: number, y: number, radius: number) => (
  <g transform={`translate(${x} ${y})`}>
    <circle r={radius} />
    {[0, 45, 90, 135, 180, 225, 270, 315].map((angle) => (
      <path key={angle} d={`M0 ${-radius - 4}v-5`} transform={`rotate(${angle})`} />
    ))}
  </g>
);

const drawings: Readonly<Record<Hint, ReactNode>> = {
  'no-face': (
    <g strokeDasharray="5 7">
      <ellipse cx="48" cy="48" rx="21" ry="26" />
    </g>
  ),
  'several-faces': (
    <>
      <Head x={34} y={52} size={0.8} />
      <Head x={70} y={40} size={0.55} />
    </>
  ),
  'too-far': (
    <>
      <Head size={0.5} />
      <path d="M26 26 12 12M12 22V12h10M70 26l14-14M74 12h10v10M26 70 12 84M12 74v10h10M70 70l14 14M84 74v10H74" />
    </>
  ),
  'off-centre': (
    <>
      <circle cx="48" cy="48" r="40" strokeDasharray="3 6" />
      <Head x={26} size={0.6} />
      <path d="M48 48h24M64 40l8 8-8 8" />
    </>
  ),
  'too-dark': (
    <>
      <ellipse cx="40" cy="56" rx="21" ry="26" fill="currentColor" opacity="0.25" stroke="none" />
      <Head x={40} y={56} />
      {sun(78, 18, 5)}
    </>
  ),
  'too-bright': (
    <>
      <Head x={40} y={58} size={0.9} eyes="closed" />
      {sun(70, 22, 11)}
    </>
  ),
  blurred: (
    <>
      <g opacity="0.35">
        <Head x={36} />
        <Head x={60} />
      </g>
      <Head />
    </>
  ),
  turned: (
    <>
      <Head turn={-10} />
      <path d="M22 84q26 12 52 0M66 80l8 4-3 8" />
    </>
  ),
  tilted: (
    <>
      <g transform="rotate(24 48 48)">
        <Head />
      </g>
      <path d="M80 14A46 46 0 0 0 56 6M62 1l-7 5 6 7" />
    </>
  ),
  'eyes-closed': <Head size={1.2} eyes="closed" />,
  covered: (
    <Head size={1.15} eyes="none" y={52}>
      <circle cx="-9" cy="-3" r="7" />
      <circle cx="9" cy="-3" r="7" />
      <path d="M-2-4h4M-21-14q21-8 42 0M-20-15q2-19 20-19t20 19M20-15l12 2" />
    </Head>
  ),
  disagreeing: (
    <>
      <Head x={28} size={0.75} />
      <Head x={68} size={0.75} eyes="closed" />
      <path d="M42 84h12M42 76h12M56 70 40 90" />
    </>
  ),
};

const lenses = (fill: 'none' | 'currentColor') => (
  <>
    <circle cx="-9" cy="-3" r="7" fill={fill} />
    <circle cx="9" cy="-3" r="7" fill={fill} />
    <path d="M-2-4h4M-16-5l-4-1M16-5l4-1" />
  </>
);

/** A head that wears one accessory, if it is known which. */
const coverings: Readonly<Record<Accessory, ReactNode>> = {
  eyewear: (
    <Head size={1.2} eyes="none">
      {lenses('none')}
    </Head>
  ),
  sunglasses: (
    <Head size={1.2} eyes="none">
      {lenses('currentColor')}
    </Head>
  ),
  hat: (
    <Head size={1.15} y={54}>
      <path d="M-21-14q21-8 42 0M-20-15q2-19 20-19t20 19M20-15l12 2" />
    </Head>
  ),
  mask: (
    <Head size={1.2}>
      <path d="M-20 2q20-8 40 0-1 22-20 24-19-2-20-24zM-11 10h22M-10 16h20" className="hint-drawing__cloth" />
    </Head>
  ),
};

interface HintDrawingProps {
  readonly hint: Hint;
  /** the accessory behind `covered`, if it is known */
  readonly worn?: Accessory | null;
}

/** A drawing of what is wrong with the picture, shown beside the text. */
export function HintDrawing({ hint, worn = null }: HintDrawingProps) {
  return (
    <svg className="hint-drawing" viewBox="0 0 96 96" aria-hidden="true">
      {hint === 'covered' && worn ? coverings[worn] : drawings[hint]}
    </svg>
  );
}
