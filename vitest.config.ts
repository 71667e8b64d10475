import { defineConfig } from 'vitest/config';
import { testProjects } from './test/projects.ts';

export default defineConfig({
  test: {
    projects: testProjects.map(({ name, include, alone, workers = 1 }) => ({
      extends: true as const,
      // Projects of one group share its workers: those with as many run together.
      test: alone ? { name, include, maxWorkers: workers, sequence: { groupOrder: workers } } : { name, include },
    })),
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is waited for may be slow on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    allowOnly: false,
    passWithNoTests: false,
  },
});
