export type TestProject = {
  name: string;
  /** Globs from the root of the checkout; every test file belongs to exactly one project. */
  include: string[];
  /** Part of `npm run check`, the short run. */
  quick: boolean;
  /** Runs after the others, with the machine to itself: it measures memory or answers, or drives a browser. */
  alone: boolean;
  /** Files at a time of one that runs alone; a browser waits more than it works. */
  workers?: number;
};

/** The kinds of tests, from pure functions to the browser. */
export const testProjects: readonly TestProject[] = [
  { name: 'unit', include: ['src/**/*.test.{ts,tsx}', 'bench/**/*.test.ts'], quick: true, alone: false },
  { name: 'house', include: ['test/*.test.ts'], quick: true, alone: false },
  { name: 'flows', include: ['test/flows/**/*.test.ts'], quick: true, alone: false },
  { name: 'adapters', include: ['test/adapters/**/*.test.ts'], quick: false, alone: false },
  { name: 'conformance', include: ['test/conformance/**/*.test.ts'], quick: false, alone: false },
  { name: 'hostile', include: ['test/hostile/**/*.test.ts'], quick: false, alone: true },
  { name: 'e2e', include: ['test/e2e/**/*.test.ts'], quick: false, alone: true, workers: 2 },
];
