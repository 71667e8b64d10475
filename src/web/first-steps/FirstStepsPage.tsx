import { Link } from '@tanstack/react-router';
import { useRights } from '../rights.ts';
import { AppFrame } from '../shell/AppFrame.tsx';
import { operationsWords } from '../strings/operations/words.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { ScrollArea } from '../ui/ScrollArea.tsx';
import { showUploads } from '../upload/queue.ts';
import { ConnectModality } from './ConnectModality.tsx';
import { SampleStudy } from './SampleStudy.tsx';
import { Step } from './Step.tsx';

const text = operationsWords.firstSteps;

/** How images come in: three ways, each to be done here and now, none of them needed. */
export function FirstStepsPage() {
  const rights = useRights();
  const mayConnect = rights?.('peer:write') ?? false;
  return (
    <AppFrame title={text.title}>
      <ScrollArea label={text.title}>
        <div className="mx-auto flex w-full max-w-3xl flex-col px-4 py-8 max-md:py-4">
          <h1 className="text-xl font-semibold tracking-tight">{text.title}</h1>
          <p className="pb-4 text-muted">{text.lead}</p>
          <Step number={1} title={text.sample} lead={text.sampleLead}>
            <SampleStudy />
          </Step>
          <Step number={2} title={text.upload} lead={text.uploadLead}>
            <Button onClick={() => showUploads(true)}>{text.uploadAct}</Button>
          </Step>
          {mayConnect && (
            <Step number={3} title={text.connect} lead={text.connectLead}>
              <ConnectModality />
            </Step>
          )}
          <div className="pt-6">
            <Link to="/" className={buttonClass('primary')}>
              {text.done}
            </Link>
          </div>
        </div>
      </ScrollArea>
    </AppFrame>
  );
}
