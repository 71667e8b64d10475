import { useMutation, useQuery } from '@tanstack/react-query';
import { Check, CircleSlash, FolderSearch, X } from 'lucide-react';
import { useState } from 'react';
import { type NewRoutingRule, type RoutingExplanation, testRouting } from '../../../contract/routing.ts';
import { listStudies, type StudySummary } from '../../../contract/studies.ts';
import { call } from '../../api.ts';
import { dicomDate, personName } from '../../format.ts';
import { operationsWords } from '../../strings/operations/words.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Drawer } from '../../ui/Drawer.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { SearchBox } from '../../ui/SearchBox.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';
import { peersQuery } from '../operations-queries.ts';
import { actionText } from './rule-words.ts';

const text = operationsWords.routing;
const LISTED = 8;

/** Says which rules fire for a study and why, and does nothing; of a rule that is being written alone, if there is one. */
export function TestDrawer({ draft, onClose }: { draft?: NewRoutingRule; onClose: () => void }) {
  const [search, setSearch] = useState('');
  const [study, setStudy] = useState<StudySummary>();
  const q = useDebounced(search.trim(), 200);
  const studies = useQuery({
    queryKey: ['studies-to-test', q],
    queryFn: ({ signal }) => call(listStudies, { query: { limit: LISTED, ...(q ? { q } : {}) } }, { signal }),
    placeholderData: (before) => before,
  });
  const test = useMutation({
    mutationFn: ({ study_instance_uid }: StudySummary) =>
      call(testRouting, { body: { study_instance_uid, ...(draft ? { rules: [{ ...draft, name: draft.name || text.unnamed }] } : {}) } }),
  });
  const choose = (chosen: StudySummary): void => {
    setStudy(chosen);
    test.mutate(chosen);
  };
  return (
    <Drawer open onOpenChange={onClose} title={text.testTitle} lead={text.testLead} wide>
      <SearchBox label={text.searchStudy} value={search} onChange={setSearch} />
      <ul aria-label={text.studies} className="mt-2 border-t border-line">
        {studies.data?.items.map((item) => (
          <li key={item.study_instance_uid}>
            <button
              type="button"
              aria-pressed={item.study_instance_uid === study?.study_instance_uid}
              onClick={() => choose(item)}
              className="flex min-h-8 w-full flex-wrap items-baseline gap-x-3 border-b border-line px-2 py-1.5 text-start -outline-offset-2 hover:bg-hover aria-pressed:bg-hover"
            >
              <bdi className="font-medium">{personName(item.patient_name)}</bdi>
              <bdi className="text-muted tabular-nums">
                {[dicomDate(item.study_date), item.modalities.join(', '), item.description].filter(Boolean).join(' \u00b7 ')}
              </bdi>
            </button>
          </li>
        ))}
      </ul>
      {studies.error && <ProblemNote error={studies.error} />}
      {studies.data?.items.length === 0 && <EmptyState icon={FolderSearch} title={text.noStudy} detail={text.noStudyDetail} />}
      <div role="status" className="pt-4">
        {test.isError && <ProblemNote error={test.error} />}
        {test.data && <Explanations items={test.data.items} />}
      </div>
    </Drawer>
  );
}

function Explanations({ items }: { items: readonly RoutingExplanation[] }) {
  const { data } = useQuery(peersQuery);
  const titleOf = (id: string): string => data?.items.find((peer) => peer.id === id)?.ae_title ?? text.unknownPeer;
  if (items.length === 0) return <p className="text-muted">{text.noRules}</p>;
  return (
    <ul className="flex flex-col gap-3">
      {items.map(({ rule_id, name, fires, reasons, actions }) => (
        <li key={rule_id ?? name} className="rounded-md border border-line p-3">
          <p className="flex flex-wrap items-center gap-2">
            <bdi className="font-medium">{name}</bdi>
            {fires ? (
              <Badge tone="accepted" icon={Check}>
                {text.fires}
              </Badge>
            ) : (
              <Badge icon={CircleSlash}>{text.firesNot}</Badge>
            )}
          </p>
          {reasons.length === 0 && <p className="pt-1 text-muted">{text.always}</p>}
          <ul className="pt-1">
            {reasons.map(({ condition, is_met, detail }) => {
              const Icon = is_met ? Check : X;
              return (
                <li key={`${condition} ${detail}`} className="flex items-baseline gap-2">
                  <Icon
                    aria-label={is_met ? text.met : text.notMet}
                    size={13}
                    className={`relative top-0.5 shrink-0 ${is_met ? 'text-accepted' : 'text-critical'}`}
                  />
                  <span>{text.fields[condition as keyof typeof text.fields] ?? condition}</span>
                  <bdi className="text-muted">{detail}</bdi>
                </li>
              );
            })}
          </ul>
          {actions.length > 0 && (
            <p className="pt-2">
              <span className="text-muted">{text.would} </span>
              <bdi>{actions.map((action) => actionText(action, titleOf)).join('; ')}</bdi>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
