import { useEffect, useRef } from 'react';
import type { StackView } from './engine/stack-view.ts';

const SIZE_PX = 220;
const MAGNIFICATION = 2.5;

/** A magnifier over the picture, round the pointer. */
export function Lens({ view, at }: { view: StackView; at: { x: number; y: number } }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const source = view.canvas();
    const perCss = source.width / (source.clientWidth || 1);
    const span = (SIZE_PX / MAGNIFICATION) * perCss;
    context.imageSmoothingQuality = 'high';
    context.fillRect(0, 0, SIZE_PX, SIZE_PX);
    context.drawImage(source, at.x * perCss - span / 2, at.y * perCss - span / 2, span, span, 0, 0, SIZE_PX, SIZE_PX);
  });
  return (
    <canvas
      ref={canvas}
      aria-hidden
      width={SIZE_PX}
      height={SIZE_PX}
      className="pointer-events-none absolute rounded-full border border-line-strong bg-black"
      style={{ left: at.x - SIZE_PX / 2, top: at.y - SIZE_PX / 2 }}
    />
  );
}
