import { useEffect, useRef, useState } from 'react';
import { type Analysis, getHeatmap } from '../../contract/analysis.ts';
import { fetchBytes, urlOf } from '../api.ts';
import { strings } from '../strings/strings.ts';
import type { Placement } from './view-geometry.ts';

type HeatmapLayerProps = { run: Analysis; placement: Placement; columns: number; rows: number; opacity: number; threshold: number };

/** The heat map of a run over its frame; what is weaker than the threshold is left out. */
export function HeatmapLayer({ run, placement, columns, rows, opacity, threshold }: HeatmapLayerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useHeatmap(run.id);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !picture) return;
    const { width, height } = picture;
    context.canvas.width = width;
    context.canvas.height = height;
    context.drawImage(picture, 0, 0);
    const data = context.getImageData(0, 0, width, height);
    const strongest = data.data.reduce((most, value, index) => (index % 4 === 3 && value > most ? value : most), 1);
    for (let at = 3; at < data.data.length; at += 4) if ((data.data[at] ?? 0) < threshold * strongest) data.data[at] = 0;
    context.putImageData(data, 0, 0);
  }, [picture, threshold]);
  if (!picture) return null;
  const { a, b, c, d, e, f } = placement;
  const [x, y] = [columns / picture.width, rows / picture.height];
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={strings.viewer.heatmap}
      className="pointer-events-none absolute top-0 left-0 origin-top-left"
      style={{ opacity, transform: `matrix(${a * x}, ${b * x}, ${c * y}, ${d * y}, ${e}, ${f})` }}
    />
  );
}

function useHeatmap(id: string): ImageBitmap | null {
  const [loaded, setLoaded] = useState<{ id: string; picture: ImageBitmap } | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    const load = async () => {
      const blob = await fetchBytes(urlOf(getHeatmap, { params: { id } }), controller.signal);
      const picture = await createImageBitmap(blob);
      if (!controller.signal.aborted) setLoaded({ id, picture });
    };
    // Without its heat map the picture is still to be read; the panel says what the run found.
    load().catch(() => {});
    return () => controller.abort();
  }, [id]);
  return loaded?.id === id ? loaded.picture : null;
}
