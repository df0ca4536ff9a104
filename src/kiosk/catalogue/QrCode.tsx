import encodeQR from 'qr';
import { useMemo } from 'react';

interface QrCodeProps {
  readonly text: string;
  /** what it is for, for whoever cannot see it */
  readonly label: string;
  readonly testId: string;
}

/** Modules of quiet ground about a code (ISO/IEC 18004:2024, 6.3.8). */
const QUIET = 4;

/** A run of dark modules is one rectangle of the path. */
function pathOf(modules: readonly (readonly boolean[])[]): string {
  const parts: string[] = [];
  for (const [y, row] of modules.entries())
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x++;
      parts.push(`M${from} ${y}h${x + 1 - from}v1H${from}z`);
    }
  return parts.join('');
}

/** A QR code with correction M (15 %), black on white in every palette: cameras read no other ground as well. */
export function QrCode({ text, label, testId }: QrCodeProps) {
  const modules = useMemo(() => encodeQR(text, 'raw', { ecc: 'medium', border: QUIET }), [text]);
  const size = modules.length;
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      data-testid={testId}
      data-modules={size - 2 * QUIET}
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={pathOf(modules)} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}
