import type { QueryClient } from '@tanstack/react-query';
import { createRoute, createRouter, lazyRouteComponent, notFound } from '@tanstack/react-router';
import { adminRoutes } from './admin/admin-routes.ts';
import { diagnosisSearch, wizardSearch } from './diagnosis/search.ts';
import { isPatientTab, type PatientTab } from './patients/patient-tabs.ts';
import { setupQuery, studyQuery, whoAmIQuery } from './queries.ts';
import { researchSearch } from './research/search.ts';
import { NotFound, PagePending, PageProblem } from './shell/PageStates.tsx';
import { root, signedIn } from './signed-in.ts';

const FINDING_ID = /^[0-9a-f-]{36}$/;

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('./worklist/HomePage.tsx'), 'HomePage'),
});
const study = createRoute({
  getParentRoute: () => signedIn,
  path: '/studies/$uid',
  validateSearch: ({ finding }: Record<string, unknown>): { finding?: string } =>
    typeof finding === 'string' && FINDING_ID.test(finding) ? { finding } : {},
  // Beside the code of the page; not for a link that is only pointed at, since looking at a study is kept in the audit trail.
  loader: ({ cause, context, params }) => {
    if (cause !== 'preload') void context.queryClient.prefetchQuery(studyQuery(params.uid));
  },
  component: lazyRouteComponent(() => import('./study/StudyPage.tsx'), 'StudyPage'),
});
const criticalResults = createRoute({
  getParentRoute: () => signedIn,
  path: '/critical-results',
  component: lazyRouteComponent(() => import('./critical/CriticalResultsPage.tsx'), 'CriticalResultsPage'),
});
const models = createRoute({
  getParentRoute: () => signedIn,
  path: '/models',
  component: lazyRouteComponent(() => import('./models/ModelsPage.tsx'), 'ModelsPage'),
});
const scores = createRoute({
  getParentRoute: () => signedIn,
  path: '/scores',
  component: lazyRouteComponent(() => import('./scores/ScoresPage.tsx'), 'ScoresPage'),
});
const score = createRoute({
  getParentRoute: () => signedIn,
  path: '/scores/$score',
  component: lazyRouteComponent(() => import('./scores/ScoresPage.tsx'), 'ScoresPage'),
});
const drugSafety = createRoute({
  getParentRoute: () => signedIn,
  path: '/drug-safety',
  component: lazyRouteComponent(() => import('./drug-safety/DrugSafetyPage.tsx'), 'DrugSafetyPage'),
});
const patients = createRoute({
  getParentRoute: () => signedIn,
  path: '/patients',
  component: lazyRouteComponent(() => import('./patients/PatientsPage.tsx'), 'PatientsPage'),
});
const matches = createRoute({
  getParentRoute: () => signedIn,
  path: '/patients/matches',
  component: lazyRouteComponent(() => import('./patients/MatchesPage.tsx'), 'MatchesPage'),
});
const patient = createRoute({
  getParentRoute: () => signedIn,
  path: '/patients/$key',
  validateSearch: (search: Record<string, unknown>): { tab?: PatientTab } => (isPatientTab(search['tab']) ? { tab: search['tab'] } : {}),
  component: lazyRouteComponent(() => import('./patients/PatientPage.tsx'), 'PatientPage'),
});
const diagnoses = createRoute({
  getParentRoute: () => signedIn,
  path: '/diagnoses',
  component: lazyRouteComponent(() => import('./diagnosis/DiagnosesPage.tsx'), 'DiagnosesPage'),
});
const newDiagnosis = createRoute({
  getParentRoute: () => signedIn,
  path: '/diagnoses/new',
  validateSearch: wizardSearch,
  component: lazyRouteComponent(() => import('./diagnosis/WizardPage.tsx'), 'WizardPage'),
});
const research = createRoute({
  getParentRoute: () => signedIn,
  path: '/research',
  validateSearch: researchSearch,
  component: lazyRouteComponent(() => import('./research/ResearchPage.tsx'), 'ResearchPage'),
});
const diagnosis = createRoute({
  getParentRoute: () => signedIn,
  path: '/diagnoses/$id',
  validateSearch: diagnosisSearch,
  component: lazyRouteComponent(() => import('./diagnosis/DiagnosisPage.tsx'), 'DiagnosisPage'),
});
const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/AccountPage.tsx'), 'AccountPage'),
});
/** For those who build and check the screens; to others there is nothing at this address. */
const gallery = createRoute({
  getParentRoute: () => signedIn,
  path: '/ui',
  beforeLoad: async ({ context }) => {
    const { permissions } = await context.queryClient.ensureQueryData(whoAmIQuery);
    if (!permissions.includes('system:read')) throw notFound();
  },
  component: lazyRouteComponent(() => import('./gallery/GalleryPage.tsx'), 'GalleryPage'),
});
const firstSteps = createRoute({
  getParentRoute: () => signedIn,
  path: '/first-steps',
  component: lazyRouteComponent(() => import('./first-steps/FirstStepsPage.tsx'), 'FirstStepsPage'),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string; reason?: 'idle' } => ({
    ...(isOwnPath(search['next']) ? { next: search['next'] } : {}),
    ...(search['reason'] === 'idle' ? { reason: 'idle' } : {}),
  }),
  loader: ({ context }) => context.queryClient.ensureQueryData(setupQuery),
  component: lazyRouteComponent(() => import('./sign-in/SignIn.tsx'), 'SignIn'),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  loader: ({ context }) => context.queryClient.ensureQueryData(setupQuery),
  component: lazyRouteComponent(() => import('./first-run/FirstRun.tsx'), 'FirstRun'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('./entry/InvitationPage.tsx'), 'InvitationPage'),
});
const passwordReset = createRoute({
  getParentRoute: () => root,
  path: '/password-reset',
  component: lazyRouteComponent(() => import('./entry/PasswordResetPage.tsx'), 'PasswordResetPage'),
});
const request = createRoute({
  getParentRoute: () => root,
  path: '/register',
  component: lazyRouteComponent(() => import('./entry/RequestPage.tsx'), 'RequestPage'),
});
const share = createRoute({
  getParentRoute: () => root,
  path: '/share',
  component: lazyRouteComponent(() => import('./share/SharePage.tsx'), 'SharePage'),
});

/** Every address of the app and the screen behind it. */
export function buildRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([
      signedIn.addChildren([
        // In the order of the navigation.
        home,
        firstSteps,
        study,
        criticalResults,
        patients,
        matches,
        patient,
        diagnoses,
        newDiagnosis,
        diagnosis,
        research,
        scores,
        score,
        drugSafety,
        models,
        adminRoutes,
        gallery,
        account,
      ]),
      // Without a session.
      signIn,
      setup,
      invitation,
      passwordReset,
      request,
      share,
    ]),
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPendingMs: 300,
    defaultPendingComponent: PagePending,
    defaultErrorComponent: PageProblem,
    defaultNotFoundComponent: NotFound,
  });
}

declare module '@tanstack/react-router' {
  // The one place where TanStack Router wants an interface: it merges ours into its own.
  // biome-ignore lint/style/useConsistentTypeDefinitions: declaration merging needs an interface
  interface Register {
    router: ReturnType<typeof buildRouter>;
  }
}

/** A path of this app, so that a crafted link cannot lead elsewhere after the sign-in. */
function isOwnPath(value: unknown): value is string {
  return typeof value === 'string' && /^\/(?![/\\])/.test(value);
}
