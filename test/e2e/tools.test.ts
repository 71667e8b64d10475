import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './administrator.ts';
import { hasChromium } from './browser.ts';

describe.skipIf(!hasChromium)('clinical tools in a browser (needs chromium)', { timeout: 120_000 }, () => {
  let desk: Desk;
  let page: Desk['page'];

  beforeAll(async () => {
    desk = await openDesk();
    page = desk.page;
  });
  afterAll(() => desk?.close());

  /** Opens the menu again where the first drawing of the page has closed it. */
  const goTo = async (tool: string): Promise<void> => {
    const link = page.getByRole('link', { name: tool });
    const isOpen = async (): Promise<boolean> => {
      if (!(await link.isVisible())) await page.getByRole('button', { name: 'Tools' }).click();
      return link.isVisible();
    };
    await expect.poll(isOpen).toBe(true);
    await link.click();
  };

  it('a score is a range while inputs are missing, and a number when they are there', async () => {
    await goTo('Scores');
    await page.getByLabel('Search scores').fill('curb');
    await page.getByRole('link', { name: /CURB-65/ }).click();
    const result = page.getByRole('region', { name: 'Result' });
    await page.getByLabel('Confusion').selectOption('Yes');
    await result.getByText('1 \u2013 5').waitFor();
    await result.getByText('Still missing').waitFor();
    await page.getByLabel(/^Age in/).fill('76');
    await page.getByLabel('Respiratory rate').fill('20');
    await page.getByLabel('Systolic').fill('120');
    await page.getByLabel('Diastolic').fill('70');
    await page.getByLabel('Serum urea').fill('5,2');
    await result.getByText('2', { exact: true }).waitFor();
    await result.getByText('Still missing').waitFor({ state: 'detached' });
  });

  it('an implausible input is refused with its name, and nothing is shown as a result', async () => {
    await page.getByLabel(/^Age in/).fill('760');
    await page.getByRole('alert').waitFor();
    await page.getByRole('region', { name: 'Result' }).waitFor({ state: 'detached' });
  });

  it('a medication list is read, checked, and what is not known is said to be not checked', async () => {
    await goTo('Drug safety');
    await page.getByLabel('Medications').fill('warfarin 5 mg once daily\nibuprofen 400 mg three times a day\nzzgruntol 5 mg');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    const alert = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: /ibuprofen/ }) });
    await alert.filter({ hasText: 'warfarin' }).first().getByText('Major').waitFor();
    await page.getByRole('heading', { name: 'Not checked' }).waitFor();
    await page.getByText('zzgruntol 5 mg').last().waitFor();
    await page.getByText('400 mg \u00b7 3 \u00d7 a day').waitFor();
  });

  it('raised no error on the console but for the refused input', () => {
    expect(desk.trouble.filter((line) => !line.includes('422') && !line.includes('400'))).toEqual([]);
  });
});
