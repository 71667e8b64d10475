import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSet } from '../../src/dicom/data-set.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { Tag } from '../../src/dicom/tags.ts';
import { writePart10 } from '../../src/dicom/write.ts';
import { buildPhantom } from '../../src/imaging/phantom.ts';
import { phantomDicom } from '../../src/imaging/phantom-dicom.ts';
import { violationsOf } from './axe.ts';
import { hasChromium } from './browser.ts';
import { openReadingRoom, openStudy, type ReadingRoom, store } from './viewer-parts.ts';

let room: ReadingRoom;
const studies = { present: '', prior: '' };

/** The CT of the phantom as a study of another day; thick slices are enough to measure in. */
function studyOf(date: string, suffix: string): Uint8Array[] {
  const files = phantomDicom(buildPhantom({ spacingMm: [10, 2.2, 2.2] })).filter(({ name }) => name.startsWith('ct-'));
  return files.map(({ part10 }) => {
    const { dataSet, transferSyntaxUid } = parsePart10(part10);
    const renamed: DataSet = { ...dataSet, [Tag.StudyDate]: { vr: 'DA', Value: [date] } };
    for (const tag of [Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID])
      renamed[tag] = { vr: 'UI', Value: [`${dataSet[tag]?.Value?.[0]}.${suffix}`] };
    return writePart10({ dataSet: renamed, transferSyntaxUid });
  });
}

const row = (name: string): Locator =>
  room.page.getByRole('list', { name: 'Measurements' }).locator('button[aria-expanded]', { hasText: name });
const saved = (): Promise<void> => room.page.locator('[data-save="saved"]').getByText('Saved').waitFor();
const tab = (name: string): Promise<void> => room.page.getByRole('tab', { name }).click();

/** The number that a row ends with. */
async function figureOf(name: string): Promise<string> {
  return (await row(name).locator('bdi').last().textContent()) ?? '';
}

/** With the keyboard alone: the tool, the surface, and a line in the middle of the picture. */
async function measureLength(): Promise<void> {
  const { page } = room;
  await page.keyboard.press('l');
  await page.locator('[data-draw="length"]').first().focus();
  await page.keyboard.press('Enter');
}

describe.skipIf(!hasChromium)('measuring (needs chromium)', () => {
  beforeAll(async () => {
    room = await openReadingRoom({ webGl: false });
    const [prior = ''] = await store(room, studyOf('20260101', '1'));
    const [present = ''] = await store(room, studyOf('20260401', '2'));
    Object.assign(studies, { prior, present });
  }, 180_000);
  afterAll(async () => room?.close());

  it('a length by keyboard is there again, with the same value, after the page was loaded anew', { timeout: 60_000 }, async () => {
    const { page } = room;
    await openStudy(room, studies.prior);
    await measureLength();
    await row('Length 1').waitFor();
    await saved();
    const value = await figureOf('Length 1');
    expect(value).toMatch(/^\d+\.?\d* mm$/);
    await page.reload();
    await page.locator('[data-shown]').first().waitFor();
    await tab('Measurements');
    await row('Length 1').waitFor();
    expect(await figureOf('Length 1')).toBe(value);
    await page.locator('[data-annotation="length"]').first().waitFor({ state: 'attached' });
    await expect.poll(() => page.locator('g[data-annotation="length"]').first().getAttribute('aria-label')).toContain(value);
  });

  it('a measurement is renamed, removed and brought back', { timeout: 60_000 }, async () => {
    const { page } = room;
    await row('Length 1').click();
    await page.getByLabel('Name').fill('Nodule');
    await row('Nodule').waitFor();
    await saved();
    await page.getByRole('button', { name: 'Remove Nodule' }).click();
    await page.getByText('Nothing measured yet').waitFor();
    await expect.poll(() => page.locator('g[data-annotation="length"]').count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await row('Nodule').waitFor();
    await saved();
  });

  it('a study hangs beside its prior, linked, and both say which they are', { timeout: 60_000 }, async () => {
    const { page } = room;
    await openStudy(room, studies.present);
    await page.locator('[data-cell="2"]').waitFor();
    const notes = page.locator('[data-cell="2"]').getByText(/^Prior .?2026-01-01/);
    await notes.waitFor();
    expect(await page.locator('[data-cell="1"]').getByText('Prior').count()).toBe(0);
    await page.locator('[data-cell="1"]').getByText('C -600 W 1500').waitFor();
    const shown = async (): Promise<(string | null)[]> =>
      Promise.all([1, 2].map((cell) => page.locator(`[data-cell="${cell}"] [data-shown]`).getAttribute('data-shown')));
    const before = await shown();
    await page.keyboard.press('ArrowDown');
    const next = before.map((slice) => String(Number(slice) + 1));
    await expect.poll(shown, { timeout: 20_000 }).toEqual(next);
  });

  it('what is said to be the same lesion as in the prior is compared with it, in numbers', { timeout: 60_000 }, async () => {
    const { page } = room;
    await measureLength();
    await row('Length 1').waitFor();
    const selection = page.getByLabel('Same lesion as in the prior');
    await selection.selectOption({ label: 'Nodule' });
    await saved();
    await tab('Compare');
    await page.getByRole('heading', { name: 'Change in 90 days' }).waitFor();
    const change = page.locator('[data-change]').first();
    await change.waitFor();
    const text = await change.textContent();
    expect(text).toMatch(/Length/);
    expect(text).toMatch(/mm → [\d.]+ mm/);
    expect(text).toMatch(/(larger|smaller|unchanged)/);
  });

  it('the next arrangement comes by key, and no comparison when the reader wants none', { timeout: 60_000 }, async () => {
    const { page } = room;
    await page.locator('[data-cell="1"]').click({ position: { x: 5, y: 5 } });
    await page.keyboard.press('w');
    await page.keyboard.press('g');
    await page.locator('[data-cell="1"]').getByText('C 40 W 400').waitFor();
    await page.keyboard.press('c');
    await expect.poll(() => page.locator('[data-cell]').count()).toBe(1);
    await tab('Compare');
    await page.getByRole('radio', { name: 'No comparison', checked: true }).waitFor();
  });

  it.each(['Measurements', 'Compare'])('the panel %s has no violation of accessibility rules', { timeout: 60_000 }, async (name) => {
    await tab(name);
    expect(await violationsOf(room.page)).toEqual([]);
  });

  it('raises no error on the console', () => {
    expect(room.trouble).toEqual([]);
  });
});
