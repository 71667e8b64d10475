import { Link } from '@tanstack/react-router';
import { operationsWords } from '../../strings/operations/words.ts';

/** Leads to a study of which only the UID is known here. */
export function StudyLink({ uid }: { uid: string }) {
  return (
    <Link
      to="/studies/$uid"
      params={{ uid }}
      title={uid}
      className="underline decoration-line-strong underline-offset-2 hover:decoration-text"
    >
      {operationsWords.forwards.open}
    </Link>
  );
}
