import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { AtSign, MessageSquare } from 'lucide-react';
import { type FormEvent, Fragment, useState } from 'react';
import { addDiagnosisComment, type DiagnosisComment } from '../../contract/diagnosis-work.ts';
import { call } from '../api.ts';
import { dateTime } from '../format.ts';
import { diagnosisWords as words } from '../strings/diagnosis/words.ts';
import { strings } from '../strings/strings.ts';
import { Button } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { cx } from '../ui/cx.ts';
import { EmptyState, Skeleton } from '../ui/EmptyState.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { ProblemNote } from '../ui/ProblemNote.tsx';
import { diagnosisCommentsQuery } from './diagnosis-queries.ts';

/** As the server finds names, so that what is marked here is what it makes a mention of. */
const MENTION = /(?<![\p{L}\p{N}._-])@([\p{L}\p{N}][\p{L}\p{N}._-]{0,99})/gu;

/** What people say to it, oldest first; `@name` tells somebody. */
export function CommentsView({ id }: { id: string }) {
  const comments = useQuery(diagnosisCommentsQuery(id));
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState('');
  const add = useMutation({
    mutationFn: () => call(addDiagnosisComment, { params: { id }, body: { text: typed.trim() } }),
    onSuccess: async () => {
      setTyped('');
      await queryClient.invalidateQueries({ queryKey: ['diagnosis', id, 'comments'] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim()) add.mutate();
  };
  return (
    <Card>
      {comments.isError && <ProblemNote error={comments.error} />}
      {comments.isPending && <Skeleton rows={3} label={strings.common.loading} />}
      {comments.data?.items.length === 0 && <EmptyState icon={MessageSquare} title={words.noComments} detail={words.noCommentsDetail} />}
      <ul className="divide-y divide-line">
        {comments.data?.items.map((comment) => (
          <Comment key={comment.id} comment={comment} />
        ))}
      </ul>
      <form className="flex flex-col gap-2 pt-3" onSubmit={submit}>
        <Field label={words.newComment} hint={words.newCommentHint}>
          {(control) => (
            <textarea
              {...control}
              rows={3}
              dir="auto"
              maxLength={5000}
              className={cx(INPUT_CLASS, 'h-auto! py-1.5')}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        {add.isError && <ProblemNote error={add.error} />}
        <div>
          <Button type="submit" look="primary" busy={add.isPending} disabled={typed.trim() === ''}>
            {words.addComment}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Comment({ comment }: { comment: DiagnosisComment }) {
  const unknown = namesIn(comment.text).filter((name) => !comment.mentions.some(({ username }) => username === name));
  return (
    <li className="py-2">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <bdi className="font-medium">{comment.author_name}</bdi>
        <time dateTime={comment.created_at} className="text-sm text-faint tabular-nums">
          {dateTime(comment.created_at)}
        </time>
      </p>
      <p dir="auto" className="whitespace-pre-wrap">
        <Marked comment={comment} />
      </p>
      {unknown.length > 0 && (
        <p className="flex items-center gap-1 text-sm text-attention">
          <AtSign aria-hidden size={12} />
          {words.unknownNames(unknown.join(', '))}
        </p>
      )}
    </li>
  );
}

function Marked({ comment: { text, mentions } }: { comment: DiagnosisComment }) {
  const known = new Set(mentions.map(({ username }) => username));
  let at = 0;
  const parts = [...text.matchAll(MENTION)].map((match) => {
    const [whole, name = ''] = match;
    const before = text.slice(at, match.index);
    at = match.index + whole.length;
    return (
      <Fragment key={match.index}>
        {before}
        {known.has(name.toLowerCase()) || known.has(name) ? <strong className="font-medium">{whole}</strong> : whole}
      </Fragment>
    );
  });
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  );
}

function namesIn(text: string): string[] {
  return [...new Set([...text.matchAll(MENTION)].map(([, name = '']) => name.replace(/[._-]+$/, '').toLowerCase()))];
}
