import type { AuditProblem } from './audit-problem.ts';
import type { ChainedEntry } from './chain.ts';
import type { ExportHeader } from './export-header.ts';

/** Hashes kept to compare with the checkpoint that follows its entry in the export. */
const HASHES_KEPT = 16;

/** Follows the places of entries, as they come. */
export type EntrySequence = {
  take(entry: ChainedEntry, line: number): void;
  /** The hash of an entry that came lately, or that stands before the first. */
  hashAt(seq: number): string | undefined;
  /** Tells what never came. Returns how many came. */
  end(): number;
};

type Gap = { from: number; to: number };
type Last = { seq: number; hash: string };

/** Tells of entries that are missing, doubled, not in their order, or that follow another one than they say. */
export function openSequence(header: ExportHeader, tell: (problem: AuditProblem) => void): EntrySequence {
  const before: Last = { seq: header.first_seq - 1, hash: header.previous_hash };
  const recent = new Map<number, string>([[before.seq, before.hash]]);
  let gaps: Gap[] = [];
  let last = before;
  let count = 0;

  const remember = ({ seq, hash }: Last): void => {
    recent.set(seq, hash);
    const [oldest] = recent.keys();
    if (recent.size > HASHES_KEPT && oldest !== undefined) recent.delete(oldest);
  };
  const takeLate = (seq: number, line: number): void => {
    const gap = gaps.find(({ from, to }) => seq >= from && seq <= to);
    if (!gap) {
      tell({ kind: 'inserted', line, seq, detail: `Entry ${seq} stands here, and its place is taken` });
      return;
    }
    tell({ kind: 'reordered', line, seq, detail: `Entry ${seq} comes after entry ${last.seq}` });
    gaps = gaps
      .filter((other) => other !== gap)
      .concat(
        [
          { from: gap.from, to: seq - 1 },
          { from: seq + 1, to: gap.to },
        ].filter(isGap),
      );
  };

  return {
    take: (entry, line) => {
      const { seq, hash, previous_hash } = entry;
      count += 1;
      if (seq <= last.seq) return takeLate(seq, line);
      if (seq > header.last_seq) tell({ kind: 'inserted', line, seq, detail: `Entry ${seq} lies behind the end that the header names` });
      if (seq > last.seq + 1) gaps.push({ from: last.seq + 1, to: seq - 1 });
      else if (previous_hash !== last.hash)
        tell({ kind: 'replaced', line, seq, detail: `Entry ${seq} follows another entry than the one before it` });
      last = { seq, hash };
      remember(last);
    },
    hashAt: (seq) => recent.get(seq),
    end: () => {
      for (const { from, to } of gaps) tell({ kind: 'removed', seq: from, detail: `${nameOf({ from, to })} missing` });
      const rest = { from: last.seq + 1, to: header.last_seq };
      if (isGap(rest)) tell({ kind: 'truncated', seq: rest.from, detail: `${nameOf(rest)} missing at the end` });
      else if (last.seq === header.last_seq && last.hash !== header.last_hash)
        tell({ kind: 'replaced', seq: last.seq, detail: `Entry ${last.seq} is not the last one that the header names` });
      return count;
    },
  };
}

function isGap({ from, to }: Gap): boolean {
  return from <= to;
}

function nameOf({ from, to }: Gap): string {
  return from === to ? `Entry ${from} is` : `Entries ${from} to ${to} are`;
}
