import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { getSystemStatus } from '../../../contract/system.ts';
import { call } from '../../api.ts';
import { Logo } from '../../shell/Logo.tsx';
import { adminWords } from '../../strings/admin/words.ts';
import { installationWords } from '../../strings/installation/words.ts';
import { strings } from '../../strings/strings.ts';
import { Card } from '../../ui/Card.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { ProblemNote } from '../../ui/ProblemNote.tsx';

const { about: text } = installationWords;
const statusQuery = queryOptions({
  queryKey: ['system', 'about'],
  queryFn: ({ signal }) => call(getSystemStatus, undefined, { signal }),
});

/** What this is: version, way of running, license and intended use. */
export function AboutPage() {
  const status = useQuery(statusQuery);
  return (
    <>
      <PageHeader title={adminWords.places.about} />
      <div className="min-h-0 grow overflow-y-auto px-4 pb-4 max-md:px-3">
        <Card className="max-w-160">
          <div className="flex items-center gap-3 pb-4">
            <Logo size={32} />
            <span className="text-xl font-semibold tracking-tight">{strings.product}</span>
          </div>
          <dl className="grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-6 gap-y-2">
            <Fact label={text.version}>{status.data?.version}</Fact>
            <Fact label={text.mode}>{status.data && text[status.data.mode]}</Fact>
            <Fact label={text.use}>{strings.researchUse}</Fact>
            <Fact label={text.license}>
              <Link to="/admin/licenses" className="underline">
                {text.licenseText}
              </Link>
            </Fact>
            <Fact label={text.api}>
              <a href="/api/v1/docs" target="_blank" rel="noreferrer" className="underline">
                {text.apiDocs}
              </a>
            </Fact>
          </dl>
          {status.isError && <ProblemNote error={status.error} />}
        </Card>
      </div>
    </>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-h-5">{children}</dd>
    </>
  );
}
