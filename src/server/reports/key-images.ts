import sharp from 'sharp';
import type { Finding } from '../../contract/findings.ts';
import type { Locale } from '../../contract/reports.ts';
import type { KeyImage } from '../../reporting/report-document.ts';
import { describeFinding } from '../../reporting/wording.ts';
import { findAnalysisRow } from '../analysis/queries.ts';
import type { BlobStore, Db } from '../platform/ports.ts';
import { findInstance, type InstanceRow } from '../studies/queries.ts';
import { type FrameRenderer, type RenderOptions, renderInstance } from '../studies/render-instance.ts';

export type KeyImageDeps = { db: Db; blobs: BlobStore; renderer: FrameRenderer };

/** Pictures on paper at most, and their longest side in pixels: 300 dots per inch at two in a row. */
const MAX_IMAGES = 4;
const SIDE = 1000;
/** Lung window for nodules (center, width in HU); everything else as the image asks for. */
const LUNG_WINDOW = { window_center: -600, window_width: 1500 };
const HEATMAP_OPACITY = 0.55;
/** Space between a finding and its box, in pixels of the paper's picture: the finding itself stays free. */
const BOX_MARGIN = 10;

/** Pictures of the findings that are told: the frame with its box, and for a network's finding the frame under its heat map. */
export async function renderKeyImages(deps: KeyImageDeps, findings: readonly Finding[], locale: Locale): Promise<KeyImage[]> {
  const images: KeyImage[] = [];
  for (const finding of findings) {
    if (images.length >= MAX_IMAGES) break;
    if (finding.sop_instance_uid === null) continue;
    const instance = await findInstance(deps.db, finding.sop_instance_uid);
    if (instance && instance.pixel_offset !== null) images.push(await renderKeyImage(deps, { finding, instance, locale }));
  }
  return images;
}

async function renderKeyImage(
  deps: KeyImageDeps,
  { finding, instance, locale }: { finding: Finding; instance: InstanceRow; locale: Locale },
): Promise<KeyImage> {
  const window: RenderOptions = finding.code === 'lung-nodule' ? LUNG_WINDOW : {};
  const { png, width, height } = await renderInstance(deps, instance, { ...window, frame: finding.frame ?? 1, size: SIDE });
  const heatmap = await heatmapOf(deps, finding, { width, height });
  const box = heatmap ? undefined : boxOverlay(finding, instance, { width, height });
  const layers = [heatmap, box].filter((layer) => layer !== undefined);
  const composed = await sharp(png)
    .composite(layers.map((input) => ({ input })))
    .png({ compressionLevel: 9 })
    .toBuffer();
  return { png: composed, caption: describeFinding(finding, locale).impression };
}

type Size = { width: number; height: number };

async function heatmapOf({ db, blobs }: KeyImageDeps, finding: Finding, size: Size): Promise<Buffer | undefined> {
  const analysis = finding.analysis_id ? await findAnalysisRow(db, finding.analysis_id) : undefined;
  if (!analysis?.heatmap_blob_key || analysis.sop_instance_uid !== finding.sop_instance_uid) return undefined;
  const map = sharp(await blobs.read(analysis.heatmap_blob_key)).resize({ ...size, fit: 'fill' });
  return map
    .ensureAlpha()
    .composite([
      {
        input: Buffer.from([0, 0, 0, Math.round(255 * HEATMAP_OPACITY)]),
        raw: { width: 1, height: 1, channels: 4 },
        tile: true,
        blend: 'dest-in',
      },
    ])
    .png()
    .toBuffer();
}

function boxOverlay({ box }: Finding, { columns, rows }: InstanceRow, { width, height }: Size): Buffer | undefined {
  if (!box || !columns || !rows) return undefined;
  const [scaleX, scaleY] = [width / columns, height / rows];
  const at = {
    x: box.x * scaleX - BOX_MARGIN,
    y: box.y * scaleY - BOX_MARGIN,
    width: box.width * scaleX + 2 * BOX_MARGIN,
    height: box.height * scaleY + 2 * BOX_MARGIN,
  };
  const rectangle = (stroke: string, thickness: number): string =>
    `<rect x="${at.x}" y="${at.y}" width="${at.width}" height="${at.height}" fill="none" stroke="${stroke}" stroke-width="${thickness}"/>`;
  // A dark line under the bright one is seen on air and on bone.
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${rectangle('#000', 5)}${rectangle('#fff', 2)}</svg>`,
  );
}
