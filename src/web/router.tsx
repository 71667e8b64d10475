import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { ApiProblem } from './api.ts';
import { diagnosisSearch, wizardSearch } from './diagnosis/search.ts';
import { isPatientTab, type PatientTab } from './patients/patient-tabs.ts';
import { profileQuery, setupQuery, whoAmIQuery } from './queries.ts';
import { researchSearch } from './research/search.ts';
import { NotFound, PagePending, PageProblem } from './shell/PageStates.tsx';
import { StudyList } from './study-list/StudyList.tsx';

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({ component: Outlet });

/** Everything under it needs a session; without one the visitor goes to the sign-in, and comes back after. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: Outlet,
  beforeLoad: async ({ context, location }) => {
    try {
      await Promise.all([context.queryClient.ensureQueryData(profileQuery), context.queryClient.ensureQueryData(whoAmIQuery)]);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { next: location.pathname } });
    }
  },
});

const home = createRoute({ getParentRoute: () => signedIn, path: '/', component: StudyList });
const study = createRoute({
  getParentRoute: () => signedIn,
  path: '/studies/$uid',
  component: lazyRouteComponent(() => import('./study/StudyPage.tsx'), 'StudyPage'),
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
const share = createRoute({
  getParentRoute: () => root,
  path: '/share',
  component: lazyRouteComponent(() => import('./share/SharePage.tsx'), 'SharePage'),
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
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } => (isOwnPath(search['next']) ? { next: search['next'] } : {}),
  loader: ({ context }) => context.queryClient.ensureQueryData(setupQuery),
  component: lazyRouteComponent(() => import('./sign-in/SignIn.tsx'), 'SignIn'),
});
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  loader: ({ context }) => context.queryClient.ensureQueryData(setupQuery),
  component: lazyRouteComponent(() => import('./first-run/FirstRun.tsx'), 'FirstRun'),
});

/** Every address of the app and the screen behind it. */
export function buildRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([
      signedIn.addChildren([
        home,
        study,
        patients,
        matches,
        patient,
        diagnoses,
        newDiagnosis,
        diagnosis,
        research,
        models,
        scores,
        score,
        drugSafety,
        account,
      ]),
      signIn,
      share,
      setup,
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
