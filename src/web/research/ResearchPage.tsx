import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { whoAmIQuery } from '../queries.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { researchWords as text } from '../strings/research/words.ts';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { CorpusImport } from './CorpusImport.tsx';
import { LiteratureSearch } from './LiteratureSearch.tsx';
import { TrialSearch } from './TrialSearch.tsx';

/** What the literature says, which trials a patient may fit, and, for administrators, what is searched. */
export function ResearchPage() {
  const { tab = 'literature', patient } = useSearch({ from: '/signed-in/research' });
  const navigate = useNavigate({ from: '/research' });
  const { data: whoAmI } = useQuery(whoAmIQuery);
  const may = (permission: string) => whoAmI?.permissions.some((granted) => granted === permission) ?? false;
  const tabs = [
    { value: 'literature' as const, title: text.literature, content: <Part>{tab === 'literature' && <LiteratureSearch />}</Part> },
    ...(may('patient:read')
      ? [
          {
            value: 'trials' as const,
            title: text.trials,
            content: (
              <Part>
                {tab === 'trials' && (
                  <TrialSearch
                    patientKey={patient ?? null}
                    onPatient={(key) => void navigate({ search: { tab: 'trials', ...(key ? { patient: key } : {}) } })}
                  />
                )}
              </Part>
            ),
          },
        ]
      : []),
    ...(may('system:write')
      ? [{ value: 'import' as const, title: text.import, content: <Part>{tab === 'import' && <CorpusImport />}</Part> }]
      : []),
  ];
  return (
    <AppFrame title={text.title}>
      <ScrollArea label={text.title}>
        <div className="mx-auto flex max-w-280 flex-col gap-3 px-4 py-4">
          <h1 className="text-xl font-semibold tracking-tight">{text.title}</h1>
          <Tabs label={text.title} tabs={tabs} value={tab} onChange={(next) => void navigate({ search: { tab: next }, replace: true })} />
        </div>
      </ScrollArea>
    </AppFrame>
  );
}

function Part({ children }: { children: ReactNode }) {
  return <div className="flex flex-col gap-4 pt-4">{children}</div>;
}
