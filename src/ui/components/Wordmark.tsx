/** The name in wide capitals; its O is a lens. */
export function Wordmark({ label }: { readonly label: string }) {
  return (
    <svg className="wordmark" viewBox="0 0 236 40" role="img" aria-label={label}>
      <g fill="none" stroke="currentColor" strokeWidth="4.2" strokeLinecap="round" strokeLinejoin="round">
        <path d="M4 36V4h11a9 9 0 0 1 0 18H4M15.5 22 26 36" />
        <circle cx="66" cy="20" r="16.5" />
        <path d="M104 4v19a12.5 12.5 0 0 0 25 0V4" />
        <path d="M152 36V4l25 32V4" />
        <path d="M201 4h25l-25 32h26" />
      </g>
    </svg>
  );
}
