import { ImagePlus, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { accountWords } from '../strings/account/words.ts';
import { strings } from '../strings/strings.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Card } from '../ui/Card.tsx';
import { Checkbox } from '../ui/Checkbox.tsx';
import { Copyable } from '../ui/Copyable.tsx';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { KeyHint } from '../ui/KeyHint.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { Select } from '../ui/Select.tsx';
import { Switch } from '../ui/Switch.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { Chip, Tag } from '../ui/Tag.tsx';

/** What is pressed, typed into and chosen from. */
export function ControlSamples() {
  return (
    <>
      <Card title="Button, IconButton">
        <div className="flex flex-wrap items-center gap-2">
          <Button look="primary" icon={ImagePlus}>
            {strings.studies.upload}
          </Button>
          <Button>{strings.common.save}</Button>
          <Button look="quiet">{strings.common.cancel}</Button>
          <Button look="danger">{accountWords.remove}</Button>
          <Button busy>{strings.common.loading}</Button>
          <IconButton icon={RefreshCw} label={strings.studies.refresh} />
        </div>
      </Card>
      <Fields />
      <Choices />
      <Card title="Copyable">
        <div className="flex flex-col gap-2">
          <Copyable label={strings.nav.peers} value="storescu -aec ISOCENTER 127.0.0.1 11112 *.dcm" />
          <Copyable label={strings.nav.apiKeys} value="example-0123456789abcdef" isSecret />
        </div>
      </Card>
    </>
  );
}

function Fields() {
  const [typed, setTyped] = useState('');
  const [sex, setSex] = useState<keyof typeof strings.patients.genders>('unknown');
  return (
    <Card title="Field, Select, SearchBox">
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={strings.patients.family} hint={strings.patients.numberHint}>
          {(control) => <input {...control} className={INPUT_CLASS} value={typed} onChange={(event) => setTyped(event.target.value)} />}
        </Field>
        <Field label={accountWords.password} error={strings.setup.passwordHint}>
          {(control) => <input {...control} className={INPUT_CLASS} value={typed} onChange={(event) => setTyped(event.target.value)} />}
        </Field>
        <Select label={strings.patients.sex} value={sex} choices={strings.patients.genders} onChange={setSex} />
        <SearchBox className="self-end" label={strings.patients.searchLabel} value={typed} onChange={setTyped} />
      </div>
    </Card>
  );
}

function Choices() {
  const [isOn, setIsOn] = useState(true);
  const [tab, setTab] = useState<'findings' | 'report'>('findings');
  return (
    <Card title="Checkbox, Switch, Chip, Tag, Tabs, KeyHint">
      <div className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center gap-3">
          <Checkbox checked={isOn} onChange={setIsOn}>
            {strings.viewer.boxes}
          </Checkbox>
          <Checkbox checked={!isOn} onChange={(checked) => setIsOn(!checked)}>
            {strings.viewer.heatmap}
          </Checkbox>
          <Checkbox checked disabled onChange={setIsOn}>
            {strings.viewer.derived}
          </Checkbox>
        </div>
        <Switch label={strings.shortcuts.enabled} hint={strings.shortcuts.title} checked={isOn} onChange={setIsOn} />
        <Switch label={strings.viewer.heatmap} checked={!isOn} onChange={(checked) => setIsOn(!checked)} />
        <div className="flex flex-wrap items-center gap-2">
          <Chip pressed={isOn} onPress={setIsOn} count={12}>
            CT
          </Chip>
          <Chip pressed={!isOn} onPress={(pressed) => setIsOn(!pressed)}>
            MR
          </Chip>
          <Tag>{strings.studies.synthetic}</Tag>
          <Tag onRemove={() => setIsOn(false)}>{strings.aiStatus.succeeded}</Tag>
          <KeyHint keys="Ctrl Z" />
        </div>
        <Tabs
          label={strings.study.panel}
          value={tab}
          onChange={setTab}
          tabs={[
            {
              value: 'findings',
              title: strings.study.findingsTab,
              note: 3,
              content: <p className="py-2">{strings.findings.noneDetail}</p>,
            },
            { value: 'report', title: strings.study.reportTab, content: <p className="py-2">{strings.report.noneDetail}</p> },
          ]}
        />
      </div>
    </Card>
  );
}
