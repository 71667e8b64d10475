/**
 * What is wrong with a trail. `changed`: an entry does not have its own hash. `replaced`: an entry has its hash, and its neighbor or a
 * signature names another. `removed`, `inserted`, `reordered`: its place. `truncated`: the end is missing. `forged`: a signature is not
 * of the key. `unreadable`: a line is not one that the export writes.
 */
export type ProblemKind = 'changed' | 'replaced' | 'removed' | 'inserted' | 'reordered' | 'truncated' | 'forged' | 'unreadable';

/** `line` of the export counts from 1. */
export type AuditProblem = { kind: ProblemKind; line?: number; seq?: number; detail: string };
