import type { ReactNode } from 'react';

/** Drawn on a 24x24 grid with a round stroke of 1.75. */
const drawings = {
  bell: (
    <>
      <path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15z" />
      <path d="M10 21h4M12 5V3" />
    </>
  ),
  camera: (
    <>
      <path d="M3.5 8.5a2 2 0 0 1 2-2h2l1.6-2.2h5.8L16.5 6.500h2a2 2 0 0 1 2 2v8.500a2 2 0 0 1-2 2h-13a2 2 0 0 1-2-2z" />
      <circle cx="12" cy="12.7" r="3.6" />
    </>
  ),
  staff: (
    <>
      <circle cx="12" cy="8" r="3.6" />
      <path d="M4.5 20.500c.8-4 3.7-6 7.5-6s6.7 2 7.5 6" />
    </>
  ),
  heart: <path d="M12 20S4 15.200 4 9.300A4.3 4.3 0 0 1 12 7a4.3 4.3 0 0 1 8 2.300C20 15.200 12 20 12 20z" />,
  phone: (
    <>
      <rect x="7" y="3" width="10" height="18" rx="2.5" />
      <path d="M11 18h2" />
    </>
  ),
  globe: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M3.5 12h17M12 3.500c3 2.500 3.800 5.500 3.800 8.500s-.8 6-3.8 8.500c-3-2.500-3.800-5.500-3.800-8.500S9 6 12 3.500z" />
    </>
  ),
  sliders: (
    <>
      <path d="M4 7h9M17 7h3M4 17h3M11 17h9" />
      <circle cx="15" cy="7" r="2" />
      <circle cx="9" cy="17" r="2" />
    </>
  ),
  speaker: (
    <>
      <path d="M4.500 9.500v5h3.500l4.500 3.800V5.700L8 9.500z" />
      <path d="M16 9a4.200 4.200 0 0 1 0 6M18.600 6.500a8 8 0 0 1 0 11" />
    </>
  ),
  search: (
    <>
      <circle cx="10.5" cy="10.5" r="6.5" />
      <path d="m15.500 15.500 5 5" />
    </>
  ),
  ruler: <path d="M3 8.500h18v7H3zM7 8.500v3M11 8.500v4M15 8.500v3M19 8.500v3" />,
  code: (
    <path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.500v2.500H14zM20 14v2.500M17 20h3v-1.500M14 20v-1" />
  ),
  back: <path d="M19 12H5M11 6l-6 6 6 6" />,
  erase: (
    <>
      <path d="M8.500 5.500h11v13h-11L3.500 12z" />
      <path d="m11.500 9.500 5 5M16.500 9.500l-5 5" />
    </>
  ),
  check: <path d="M5 12.5 10 17.5 19.5 7" />,
  close: <path d="M6 6l12 12M18 6 6 18" />,
  again: (
    <>
      <path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4" />
      <path d="M19.8 3.500v4h-4" />
    </>
  ),
  trash: (
    <>
      <path d="M4.5 7h15M9.5 7V4.500h5V7M6.5 7l.8 12.500h9.400L17.5 7" />
      <path d="M10 11v5M14 11v5" />
    </>
  ),
  add: <path d="M12 5v14M5 12h14" />,
  pulse: <path d="M3 12.500h4l2.5-6 4.5 12 2.5-6h4.5" />,
  info: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 11v5M12 8v.01" />
    </>
  ),
  lock: (
    <>
      <rect x="5.5" y="10.5" width="13" height="9" rx="2" />
      <path d="M8.5 10.500V8a3.5 3.5 0 0 1 7 0v2.5" />
    </>
  ),
} satisfies Readonly<Record<string, ReactNode>>;

export type IconName = keyof typeof drawings;

/** Decoration beside words; hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      {drawings[name]}
    </svg>
  );
}
