import { BookOpen, CircleDashed, FileLock2, FilePen } from 'lucide-react';
import type { ReadingStatus } from '../../contract/reading-list.ts';
import { worklistWords as text } from '../strings/worklist/words.ts';
import { Badge } from '../ui/Badge.tsx';

const LOOKS = {
  unread: { tone: 'neutral', icon: CircleDashed },
  reading: { tone: 'attention', icon: BookOpen },
  drafted: { tone: 'neutral', icon: FilePen },
  signed: { tone: 'accepted', icon: FileLock2 },
} as const;

export function StatusBadge({ status }: { status: ReadingStatus }) {
  const { tone, icon } = LOOKS[status];
  return (
    <Badge tone={tone} icon={icon}>
      {text.statuses[status]}
    </Badge>
  );
}
