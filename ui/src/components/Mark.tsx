/** The mark of Keyholder, a key with a keyhole in its bow: the same drawing as the icon of the program. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="28 28 456 456" aria-hidden="true" className={className}>
      <rect x="28" y="28" width="456" height="456" rx="112" fill="var(--color-accent)" />
      <path d={key} fill="var(--color-on-accent)" fillRule="evenodd" />
    </svg>
  );
}

const key =
  "M256 84a112 112 0 0 1 34 218.700V316h34a16 16 0 0 1 16 16v16a16 16 0 0 1-16 16h-34v30a34 34 0 0 1-68 0V302.700A112 112 0 0 1 256 84zm0 54a38 38 0 0 0-19 70.900l-9 37.100a10 10 0 0 0 10 12h36a10 10 0 0 0 10-12l-9-37.100A38 38 0 0 0 256 138z";
