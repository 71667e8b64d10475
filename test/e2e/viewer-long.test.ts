import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { Tag } from '../../src/dicom/tags.ts';
import { writePart10 } from '../../src/dicom/write.ts';
import { buildPhantom } from '../../src/imaging/phantom.ts';
import { phantomDicom } from '../../src/imaging/phantom-dicom.ts';
import { hasChromium } from './browser.ts';
import { expectSlice, openReadingRoom, openStudy, type ReadingRoom, store } from './viewer-parts.ts';

const SLICES = 1000;
/** A third of the series. */
const BUDGET_BYTES = 16_000_000;

describe.skipIf(!hasChromium)('a series of a thousand slices (needs chromium)', { timeout: 240_000 }, () => {
  let room: ReadingRoom;
  let study: string;

  beforeAll(async () => {
    room = await openReadingRoom({ webGl: true });
    await room.context.addInitScript(`localStorage.setItem('isocenter.viewer.budget', '${BUDGET_BYTES}')`);
    [study = ''] = await store(room, longSeries());
    await openStudy(room, study);
  }, 240_000);
  afterAll(async () => room?.close());

  it('is scrolled from end to end, and the pictures never take more memory than the reader allows', async () => {
    const { page } = room;
    await page.keyboard.press('Home');
    await expectSlice(page, 1);
    const held: number[] = [];
    for (let slice = 1; slice < SLICES; slice += 10) {
      await page.keyboard.press('PageDown');
      await expectSlice(page, Math.min(SLICES, slice + 10));
      if (slice % 100 === 1) held.push(await bytesHeld(room));
    }
    await page.keyboard.press('End');
    await expectSlice(page, SLICES);
    await page.keyboard.press('Home');
    await expectSlice(page, 1);
    held.push(await bytesHeld(room));
    expect(Math.max(...held)).toBeLessThanOrEqual(BUDGET_BYTES);
    // It was used, and not merely never filled.
    expect(Math.max(...held)).toBeGreaterThan(BUDGET_BYTES / 4);
  });

  it('is built as a volume of less detail where the memory does not hold it, which the screen says', async () => {
    const { page } = room;
    await page.getByRole('button', { name: 'Layout' }).click();
    await page.getByRole('menuitemradio', { name: 'Three planes' }).click();
    await page.locator('[data-plane=axial][data-ready=true]').waitFor({ timeout: 120_000 });
    await page.getByRole('status').filter({ hasText: 'Lower detail' }).waitFor();
    expect(await bytesHeld(room)).toBeLessThanOrEqual(BUDGET_BYTES);
  });

  it('raises no error on the console', () => {
    expect(room.trouble).toEqual([]);
  });
});

async function bytesHeld({ page }: ReadingRoom): Promise<number> {
  await page.getByRole('button', { name: 'Viewer settings' }).click();
  const held = Number(await page.locator('[data-bytes-held]').getAttribute('data-bytes-held'));
  await page.keyboard.press('Escape');
  return held;
}

/** One slice of the phantom a thousand times, half a millimeter apart. */
function longSeries(): Uint8Array[] {
  const [slice] = phantomDicom(buildPhantom({ spacingMm: [10, 2, 2] }));
  if (!slice) throw new Error('no slice');
  const { dataSet, transferSyntaxUid } = parsePart10(slice.part10);
  const [x = 0, y = 0] = (dataSet[Tag.ImagePositionPatient]?.Value ?? []) as number[];
  return Array.from({ length: SLICES }, (_, index) => {
    const changed = {
      ...dataSet,
      [Tag.SOPInstanceUID]: { vr: 'UI' as const, Value: [`2.25.4711${String(index).padStart(4, '0')}`] },
      [Tag.InstanceNumber]: { vr: 'IS' as const, Value: [index + 1] },
      [Tag.ImagePositionPatient]: { vr: 'DS' as const, Value: [x, y, 500 - index / 2] },
      [Tag.SliceThickness]: { vr: 'DS' as const, Value: [0.5] },
    };
    return writePart10({ dataSet: changed, transferSyntaxUid });
  });
}
