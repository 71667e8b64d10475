import { useState } from 'react';
import { adminWords } from '../../strings/admin/words.ts';
import { dataWords } from '../../strings/data/words.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { Erasures } from './Erasures.tsx';
import { OnePatient } from './OnePatient.tsx';

const { privacy: text } = dataWords;

/** What patients may ask of their data (GDPR articles 15, 17, 18 and 20). */
export function PrivacyPage() {
  const [tab, setTab] = useState<keyof typeof text.tabs>('patient');
  const title = adminWords.places.privacy;
  return (
    <>
      <PageHeader title={title} lead={text.lead} />
      <Tabs
        label={title}
        className="grow [&>[role=tablist]]:px-4 max-md:[&>[role=tablist]]:px-3"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'patient', title: text.tabs.patient, content: <OnePatient onRequested={() => setTab('erasures')} /> },
          { value: 'erasures', title: text.tabs.erasures, content: <Erasures /> },
        ]}
      />
    </>
  );
}
