import { encode } from 'uqr';

/** Drawn here, so that the secret in it goes nowhere; always dark on light, as scanners want it, with four modules of margin (ISO/IEC 18004). */
export function QrCode({ content, label }: { content: string; label: string }) {
  const { data, size } = encode(content, { border: 4 });
  const path = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} className="size-48 rounded-md bg-[#fff]" shapeRendering="crispEdges">
      <path d={path} fill="#000" />
    </svg>
  );
}
