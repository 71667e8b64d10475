import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useRights } from '../../rights.ts';
import { adminWords } from '../../strings/admin/words.ts';
import { installationWords } from '../../strings/installation/words.ts';
import { strings } from '../../strings/strings.ts';
import { Skeleton } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';
import { ScrollArea } from '../../ui/ScrollArea.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { noticesQuery } from './license-queries.ts';
import { ModelLicenses } from './ModelLicenses.tsx';
import { Packages } from './Packages.tsx';

const { licenses: text } = installationWords;

/** Third-party notices of everything that is shipped: packages, models, tables, fonts. */
export function LicensesPage() {
  const [tab, setTab] = useState<keyof typeof text.tabs>('packages');
  const notices = useQuery(noticesQuery);
  const seesModels = useRights()?.('model:read') ?? false;
  const title = adminWords.places.licenses;
  return (
    <>
      <PageHeader title={title} lead={text.lead} />
      {notices.isPending && <Skeleton rows={10} label={strings.common.loading} />}
      {notices.isError && (
        <div className="p-4">
          <ProblemNote error={notices.error} />
        </div>
      )}
      {notices.data && (
        <Tabs
          label={title}
          className="grow [&>[role=tablist]]:px-4 max-md:[&>[role=tablist]]:px-3"
          value={tab}
          onChange={setTab}
          tabs={[
            { value: 'packages', title: text.tabs.packages, content: <Packages notices={notices.data} /> },
            ...(seesModels ? [{ value: 'models' as const, title: text.tabs.models, content: <ModelLicenses /> }] : []),
            {
              value: 'notice',
              title: text.tabs.notice,
              content: (
                <ScrollArea label={text.tabs.notice} className="h-full">
                  <pre dir="ltr" lang="en" className="max-w-220 px-4 py-4 font-sans break-words whitespace-pre-wrap">
                    {notices.data.notice}
                  </pre>
                </ScrollArea>
              ),
            },
          ]}
        />
      )}
    </>
  );
}
