import type { Page } from 'playwright-core';
import type { World } from './world.ts';

/**
 * A screen as it is looked at: pictures of it go to `docs/screens/`, and the test of the languages visits it in each of them. `name` is that
 * of the file; `ready` waits for what the picture is about, whatever the language.
 */
export type Screen = {
  name: string;
  path: string | ((world: World) => string);
  ready?: (page: Page) => Promise<unknown>;
  /** Waits for what only its picture needs. */
  pictured?: (page: Page) => Promise<unknown>;
  /** Its picture shows what the models found. */
  isAnalyzed?: boolean;
  /** To take its picture is to change what others show: it is taken after them. */
  changes?: boolean;
};

const studyPath = ({ study }: World): string => `/studies/${study}`;
/** The viewer has drawn: its window is told beside the picture, with the minus sign and digits of the language. */
const firstPicture = (page: Page): Promise<void> =>
  page
    .getByText(/C \D*\d+ W \d+/)
    .first()
    .waitFor();

export const SCREENS: readonly Screen[] = [
  { name: 'worklist', path: '/', isAnalyzed: true, ready: (page) => page.getByRole('row').nth(1).waitFor() },
  {
    name: 'study',
    path: studyPath,
    isAnalyzed: true,
    pictured: firstPicture,
  },
  {
    name: 'study-planes',
    path: studyPath,
    isAnalyzed: true,
    pictured: async (page) => {
      await firstPicture(page);
      await page.locator('button:has(svg.lucide-square)').first().click();
      await page.locator('[role="menuitemradio"]:has(svg.lucide-rows-3)').click();
      await page.locator('[data-plane][data-ready="true"]').nth(2).waitFor();
      // The last of the three is drawn a moment after it is there.
      await page.waitForTimeout(5_000);
    },
  },
  {
    name: 'study-report',
    path: studyPath,
    isAnalyzed: true,
    changes: true,
    pictured: async (page) => {
      await firstPicture(page);
      const toDecide = page.locator('[role="tab"][id$="-findings"]');
      await toDecide.click();
      await page.locator('[role="tabpanel"] ol > li button').first().click();
      // Each decision goes on to the next finding.
      for (let finding = 0; finding < 5; finding += 1) {
        await page.keyboard.press('a');
        await page.waitForTimeout(1_000);
      }
      await page.locator('[role="tab"][id$="-report"]').click();
      const [begin, section] = [page.locator('[data-report-start]:enabled'), page.locator('textarea')];
      await begin.or(section).first().waitFor();
      if (await begin.isVisible()) await begin.click();
      await section.first().waitFor();
    },
  },
  { name: 'critical-results', path: '/critical-results', ready: (page) => page.getByRole('row').nth(1).waitFor() },
  { name: 'patients', path: '/patients', ready: (page) => page.getByRole('row').nth(1).waitFor() },
  { name: 'patient', path: ({ patient }) => `/patients/${patient}`, ready: (page) => page.getByText('Penicillin').waitFor() },
  { name: 'patient-timeline', path: ({ patient }) => `/patients/${patient}?tab=timeline` },
  { name: 'patient-record', path: ({ patient }) => `/patients/${patient}?tab=record` },
  { name: 'patient-medications', path: ({ patient }) => `/patients/${patient}?tab=medications` },
  { name: 'duplicates', path: '/patients/matches' },
  { name: 'diagnoses', path: '/diagnoses' },
  { name: 'new-diagnosis', path: '/diagnoses/new' },
  { name: 'diagnosis-images', path: ({ patient }) => `/diagnoses/new?patient=${patient}&step=images` },
  { name: 'diagnosis-complaints', path: ({ patient }) => `/diagnoses/new?patient=${patient}&step=complaints` },
  { name: 'diagnosis-preferences', path: ({ patient }) => `/diagnoses/new?patient=${patient}&step=preferences` },
  { name: 'diagnosis', path: ({ diagnosis }) => `/diagnoses/${diagnosis}` },
  { name: 'diagnosis-agents', path: ({ diagnosis }) => `/diagnoses/${diagnosis}?tab=agents` },
  { name: 'research', path: '/research' },
  { name: 'trials', path: ({ patient }) => `/research?tab=trials&patient=${patient}` },
  { name: 'models', path: '/models' },
  { name: 'scores', path: '/scores' },
  { name: 'score', path: '/scores/curb-65' },
  { name: 'drug-safety', path: '/drug-safety' },
  { name: 'sign-in', path: '/sign-in' },
  { name: 'first-steps', path: '/first-steps' },
  {
    name: 'system',
    path: '/admin/system',
    pictured: (page) => page.getByRole('figure').locator('canvas').first().waitFor(),
  },
  { name: 'analytics', path: '/admin/analytics' },
  { name: 'jobs', path: '/admin/jobs' },
  { name: 'storage', path: '/admin/storage' },
  { name: 'peers', path: '/admin/peers' },
  { name: 'routing', path: '/admin/routing' },
  { name: 'orders', path: '/admin/orders' },
  { name: 'webhooks', path: '/admin/webhooks' },
  { name: 'users', path: '/admin/users' },
  { name: 'emergency', path: '/admin/emergency' },
  { name: 'keys', path: '/admin/keys' },
  { name: 'shares', path: '/admin/shares' },
  { name: 'providers', path: '/admin/providers' },
  { name: 'policies', path: '/admin/policies' },
  { name: 'targets', path: '/admin/targets' },
  { name: 'tenants', path: '/admin/tenants' },
  { name: 'audit', path: '/admin/audit' },
  { name: 'privacy', path: '/admin/privacy' },
  { name: 'recycle', path: '/admin/recycle' },
  { name: 'encryption', path: '/admin/encryption' },
  { name: 'settings', path: '/admin/settings' },
  { name: 'licenses', path: '/admin/licenses' },
  { name: 'about', path: '/admin/about' },
  { name: 'account', path: '/account' },
  { name: 'components', path: '/ui' },
];

/** Goes to a screen, and waits until it has stopped to change. */
export async function openScreen(page: Page, origin: string, screen: Screen, world: World): Promise<void> {
  await page.goto(`${origin}${typeof screen.path === 'string' ? screen.path : screen.path(world)}`);
  await page.getByRole('main').waitFor();
  await screen.ready?.(page);
  await page.locator('.animate-pulse:not(section[data-theme] *)').first().waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready.then(() => true)');
}
