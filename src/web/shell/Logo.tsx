/** The isocenter: where the axes meet. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <circle cx="12" cy="12" r="6.2" />
      <path d="M12 1.8v5.4M12 16.8v5.4M1.8 12h5.4M16.8 12h5.4" />
      <circle cx="12" cy="12" r="1.5" fill="var(--ai)" stroke="none" />
    </svg>
  );
}
