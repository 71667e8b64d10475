/** The server refuses shorter ones. */
export const PASSWORD_MIN_LENGTH = 12;

/**
 * A hint while typing, 0 (too short) to 4 (strong): length times the size of the alphabet in use, in bits, after runs and repeated
 * pieces are counted once. It guides; it is not a proof of strength.
 */
export function passwordStrength(password: string): 0 | 1 | 2 | 3 | 4 {
  if (password.length < PASSWORD_MIN_LENGTH) return 0;
  const bits = effectiveLength(password) * Math.log2(alphabetSize(password));
  if (bits < 45) return 1;
  if (bits < 60) return 2;
  return bits < 80 ? 3 : 4;
}

function effectiveLength(password: string): number {
  const pieces = new Set<string>();
  let length = 0;
  for (let at = 0; at < password.length; at++) {
    const piece = password.slice(Math.max(0, at - 1), at + 1).toLowerCase();
    const step = password.charCodeAt(at) - password.charCodeAt(at - 1);
    if (!pieces.has(piece) && Math.abs(step) > 1) length += 1;
    pieces.add(piece);
  }
  return length + 1;
}

function alphabetSize(password: string): number {
  const classes: [RegExp, number][] = [
    [/\p{Ll}/u, 26],
    [/\p{Lu}/u, 26],
    [/\d/, 10],
    [/[^\p{L}\d]/u, 20],
  ];
  return classes.reduce((size, [pattern, count]) => (pattern.test(password) ? size + count : size), 0);
}
