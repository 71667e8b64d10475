import { strings } from '../strings/strings.ts';
import { Field, INPUT_CLASS } from '../ui/Field.tsx';
import { Select } from '../ui/Select.tsx';
import type { DrugCase } from './drug-case.ts';

const text = strings.drugSafety;
const YES_NO = { '': text.unknown, true: text.yes, false: text.no };
/** By their own names: they are the same in every language. */
const POLICIES = { acr: 'ACR', fda: 'FDA', esur: 'ESUR' };

type CaseFieldsProps = { drugCase: DrugCase; onChange: (change: Partial<DrugCase>) => void };

export function PatientFields({ drugCase, onChange }: CaseFieldsProps) {
  const number = (name: 'age' | 'weight' | 'creatinine' | 'egfr') => (
    <Field label={text[name]}>
      {(control) => (
        <input
          {...control}
          className={`${INPUT_CLASS} tabular-nums`}
          dir="ltr"
          inputMode="decimal"
          autoComplete="off"
          maxLength={10}
          value={drugCase[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="pb-2 text-sm font-medium text-muted">{text.patient}</legend>
      <div className="grid grid-cols-2 gap-3">
        {number('age')}
        <Choice
          name="sex"
          label={text.sex}
          choices={{ '': text.unknown, female: text.female, male: text.male }}
          drugCase={drugCase}
          onChange={onChange}
        />
        {number('weight')}
        {number('creatinine')}
        {number('egfr')}
        <Choice name="pregnant" label={text.pregnant} choices={YES_NO} drugCase={drugCase} onChange={onChange} />
        <Choice name="breastfeeding" label={text.breastfeeding} choices={YES_NO} drugCase={drugCase} onChange={onChange} />
      </div>
    </fieldset>
  );
}

export function ContrastFields({ drugCase, onChange }: CaseFieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <Choice name="contrast" label={text.exam} choices={text.contrast} drugCase={drugCase} onChange={onChange} />
      {drugCase.contrast !== 'none' && (
        <Choice name="policy" label={text.policy} choices={POLICIES} drugCase={drugCase} onChange={onChange} />
      )}
    </div>
  );
}

type ChoiceProps = CaseFieldsProps & {
  name: 'sex' | 'pregnant' | 'breastfeeding' | 'contrast' | 'policy';
  label: string;
  choices: Readonly<Record<string, string>>;
};

function Choice({ name, drugCase, onChange, ...rest }: ChoiceProps) {
  return <Select {...rest} value={drugCase[name]} onChange={(value) => onChange({ [name]: value })} />;
}
