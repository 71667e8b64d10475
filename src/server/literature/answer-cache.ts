const KEPT = 200;
const DAY_MS = 86_400_000;

/**
 * Gives what was asked before within a day again, the last 200 questions of this process; what failed is asked anew. The same question
 * that is being asked is waited for.
 */
export function openAnswerCache<T>(now: () => Date): (question: string, ask: () => Promise<T>) => Promise<T> {
  const known = new Map<string, { answer: Promise<T>; at: number }>();
  return (question, ask) => {
    const at = now().getTime();
    const held = known.get(question);
    if (held && at - held.at < DAY_MS) return held.answer;
    known.delete(question);
    const answer = ask();
    known.set(question, { answer, at });
    answer.catch(() => {
      if (known.get(question)?.answer === answer) known.delete(question);
    });
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
    return answer;
  };
}
