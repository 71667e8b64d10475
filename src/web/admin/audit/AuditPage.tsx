import { useState } from 'react';
import { adminWords } from '../../strings/admin/words.ts';
import { auditWords as text } from '../../strings/audit/words.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { Checkpoints } from './Checkpoints.tsx';
import { Disclosures } from './Disclosures.tsx';
import { Entries } from './Entries.tsx';
import { Statistics } from './Statistics.tsx';

/** The audit trail: to look into, to count, to hand over and to check. */
export function AuditPage() {
  const [tab, setTab] = useState<keyof typeof text.tabs>('entries');
  const title = adminWords.places.audit;
  return (
    <>
      <PageHeader title={title} lead={text.lead} />
      <Tabs
        label={title}
        className="grow [&>[role=tablist]]:px-4 max-md:[&>[role=tablist]]:px-3"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'entries', title: text.tabs.entries, content: <Entries /> },
          { value: 'statistics', title: text.tabs.statistics, content: <Statistics /> },
          { value: 'disclosures', title: text.tabs.disclosures, content: <Disclosures /> },
          { value: 'checkpoints', title: text.tabs.checkpoints, content: <Checkpoints /> },
        ]}
      />
    </>
  );
}
