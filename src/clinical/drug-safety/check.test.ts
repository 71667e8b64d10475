import { describe, expect, it } from 'vitest';
import { bundledDrugTables } from '../../../test/knowledge.ts';
import type { DrugSafetyAlert, DrugSafetyRequest } from '../../contract/drug-safety.ts';
import { checkMedications } from './check.ts';
import { compileKnowledge } from './compile.ts';
import { readKnowledgeTables } from './read-tables.ts';

const { files, manifest } = bundledDrugTables();
const knowledge = compileKnowledge([readKnowledgeTables(files, manifest)]);
const check = (request: Partial<DrugSafetyRequest>) => checkMedications(knowledge, { medications: [], ...request });
const alerts = (request: Partial<DrugSafetyRequest>): DrugSafetyAlert[] => check(request).alerts;
const rules = (request: Partial<DrugSafetyRequest>): string[] => alerts(request).map(({ rule_id }) => rule_id);

describe('the 15 high-priority pairs of Phansalkar 2012 (J Am Med Inform Assoc 19:735)', () => {
  it.each([
    ['amphetamine', 'phenelzine'],
    ['methylphenidate', 'tranylcypromine'],
    ['pseudoephedrine', 'isocarboxazid'],
    ['atazanavir', 'omeprazole'],
    ['febuxostat', 'azathioprine'],
    ['febuxostat', 'mercaptopurine'],
    ['fluoxetine', 'selegiline'],
    ['duloxetine', 'phenelzine'],
    ['irinotecan', 'ketoconazole'],
    ['meperidine', 'phenelzine'],
    ['amitriptyline', 'tranylcypromine'],
    ['sotalol', 'haloperidol'],
    ['ramelteon', 'fluvoxamine'],
    ['rifampicin', 'darunavir'],
    ["St John's wort", 'atazanavir'],
    ['simvastatin', 'clarithromycin'],
    ['lovastatin', 'ritonavir'],
    ['ergotamine', 'clarithromycin'],
    ['dihydroergotamine', 'saquinavir'],
    ['tizanidine', 'ciprofloxacin'],
    ['tranylcypromine', 'procarbazine'],
    ['sumatriptan', 'phenelzine'],
  ])('%s with %s stops the prescriber', (a, b) => {
    const [first] = alerts({ medications: [a, b] });
    expect(first).toMatchObject({ kind: 'interaction', display: 'interruptive' });
    expect(['contraindicated', 'major']).toContain(first?.severity);
    expect(first?.citation).not.toBe('');
  });
});

describe('medications as they are written', () => {
  it.each([
    ['Simvistatin 10 MG Oral Tablet', 'simvastatin', { dose_mg: 10, route: 'oral', corrected: false }],
    ['Warfrin 5 mg daily', 'warfarin', { dose_mg: 5, doses_per_day: 1, corrected: true }],
    ['Marcumar 1-0-0', 'phenprocoumon', { doses_per_day: 1 }],
    ['ibuprofen 400mg 3x daily prn', 'ibuprofen', { dose_mg: 400, doses_per_day: 3, as_needed: true }],
    ['digoxin 125 mcg po od', 'digoxin', { dose_mg: 0.125, doses_per_day: 1, route: 'oral' }],
    ['amoxicillin 1 g q8h iv', 'amoxicillin', { dose_mg: 1000, doses_per_day: 3, route: 'intravenous' }],
    ['Metoprolol 47,5 mg 1-0-1', 'metoprolol', { dose_mg: 47.5, doses_per_day: 2 }],
    ['methotrexate 15 mg once weekly', 'methotrexate', { dose_mg: 15, doses_per_day: 1 / 7 }],
    ['Ácido valproico (valproate) 500 mg bid', 'valproic acid', { dose_mg: 500, doses_per_day: 2 }],
    ['Augmentin 875 mg bid', 'amoxicillin and clavulanic acid', {}],
  ])('%s', (text, drug, expected) => {
    const [line] = check({ medications: [text] }).medications;
    expect(line).toMatchObject({ drugs: [drug], ...expected });
  });

  it('lists what is not understood, and never says that nothing interacts', () => {
    const result = check({ medications: ['zzyzxomab 30 mg', 'metformin 500 mg bid with breakfast'] });
    expect(result.not_checked).toContainEqual({ text: 'zzyzxomab 30 mg', reason: expect.stringContaining('No drug') });
    expect(result.medications[1]?.unread).toContain('breakfast');
    expect(JSON.stringify(result).toLowerCase()).not.toContain('no interaction');
  });

  it('does not guess between names that look alike', () => {
    const [line] = check({ medications: ['hydroxazine'] }).medications;
    expect(line?.drugs.length).toBeLessThanOrEqual(1);
    expect(check({ medications: ['prednisalone'] }).medications[0]?.corrected).toBe(true);
  });

  it('takes codes', () => {
    expect(
      rules({
        medications: [
          { system: 'atc', code: 'C10AA01' },
          { system: 'atc', code: 'J01FA09' },
        ],
      }),
    ).toContain('onc-high-11a');
  });
});

describe('more than pairs', () => {
  it('takes combinations apart', () => {
    expect(rules({ medications: ['Bactrim', 'warfarin'] })).toContain('pr-warfarin-sulfamethoxazole');
    expect(rules({ medications: ['Entresto', 'lisinopril'] })).toContain('cr-004');
  });

  it('adds up effects over three drugs', () => {
    const all = rules({ medications: ['morphine', 'gabapentin', 'mirtazapine'] });
    expect(all).toContain('ad-cns');
    expect(rules({ medications: ['morphine', 'gabapentin'] })).not.toContain('ad-cns');
  });

  it('sees one ingredient on two lines', () => {
    expect(rules({ medications: ['Tylenol 500 mg', 'Percocet 5/325'] })).toContain('duplicate-paracetamol');
  });

  it('leaves out what hardly reaches the blood', () => {
    expect(rules({ medications: ['diclofenac topical gel', 'warfarin'] })).toEqual([]);
  });
});

describe('allergies', () => {
  it('knows side chains instead of classes (Romano 2021)', () => {
    expect(rules({ medications: ['cefalexin'], allergies: ['amoxicillin'] })).toContain('al-02');
    expect(rules({ medications: ['cefazolin'], allergies: ['amoxicillin'] })).toEqual([]);
    expect(rules({ medications: ['amoxicillin'], allergies: ['penicillin'] })).toContain('al-01');
    expect(alerts({ medications: ['meropenem'], allergies: ['penicillin'] })[0]).toMatchObject({ display: 'passive', severity: 'minor' });
  });

  it('shows shellfish as no contraindication of contrast media', () => {
    const all = alerts({ allergies: ['shellfish'], exam: { contrast: 'iodinated', agent: 'iohexol' }, patient: { egfr: 90 } });
    const [alert] = all;
    expect(all).toHaveLength(1);
    expect(alert).toMatchObject({ rule_id: 'al-20', display: 'passive', severity: 'minor' });
  });

  it('finds the drug itself, and lists an allergen that it does not know', () => {
    const result = check({ medications: ['metamizole'], allergies: ['metamizole', 'house dust'] });
    expect(result.alerts[0]).toMatchObject({ severity: 'contraindicated', kind: 'allergy' });
    expect(result.not_checked).toContainEqual(expect.objectContaining({ text: 'house dust' }));
  });
});

describe('doses, conditions, pregnancy', () => {
  it('finds a daily methotrexate where a weekly one was meant', () => {
    expect(rules({ medications: ['methotrexate 15 mg daily'], patient: { age_years: 60 } })).toContain('mx-methotrexate-2');
    expect(rules({ medications: ['methotrexate 15 mg once weekly'], patient: { age_years: 60 } })).toEqual([]);
  });

  it('bands by kidney function, computed from creatinine', () => {
    const patient = { age_years: 80, sex: 'female', weight_kg: 60, creatinine_mg_dl: 2.4 } as const;
    expect(rules({ medications: ['enoxaparin 60 mg bid sc'], patient })).toContain('rd-enoxaparin-1');
    expect(rules({ medications: ['metformin 500 mg bid'], patient })).toContain('rd-metformin-1');
    expect(rules({ medications: ['enoxaparin 60 mg bid sc'], patient: { ...patient, creatinine_mg_dl: 0.7 } })).toEqual([]);
  });

  it('limits by weight and age in children', () => {
    const patient = { age_years: 4, weight_kg: 16 };
    expect(rules({ medications: ['paracetamol 500 mg q6h po'], patient })).toContain('pd-paracetamol-1');
    expect(rules({ medications: ['paracetamol 200 mg q6h po'], patient })).toEqual([]);
    expect(rules({ medications: ['codeine 15 mg'], patient })).toContain('pd-codeine-1');
  });

  it('says that a dose was not stated where only it could tell', () => {
    expect(check({ medications: ['paracetamol'] }).not_checked).toContainEqual(expect.objectContaining({ text: 'paracetamol' }));
  });

  it('reads conditions as words and as ICD-10', () => {
    expect(rules({ medications: ['propranolol'], conditions: ['Asthma'] })).toContain('dd-005');
    expect(rules({ medications: ['propranolol'], conditions: [{ system: 'icd10', code: 'J45.9' }] })).toContain('dd-005');
  });

  it('warns in pregnancy, and says that it was not stated', () => {
    expect(rules({ medications: ['isotretinoin'], patient: { pregnant: true } })).toContain('pg-001');
    const { alerts: silent, not_checked } = check({ medications: ['isotretinoin'] });
    expect(silent).toEqual([]);
    expect(not_checked).toContainEqual(expect.objectContaining({ text: 'pregnancy' }));
    expect(check({ medications: ['isotretinoin'], patient: { sex: 'male' } }).not_checked).toEqual([]);
  });
});

describe('contrast media by authority', () => {
  const exam = { contrast: 'iodinated', route: 'intravenous' } as const;
  const metformin = ['metformin 1000 mg bid'];
  const contrastRules = (request: Partial<DrugSafetyRequest>) => rules(request).filter((id) => id.startsWith('ct-'));

  it('metformin with eGFR 45: ACR and ESUR continue, the United States label holds', () => {
    const patient = { age_years: 60, egfr: 45 };
    expect(contrastRules({ medications: metformin, patient, exam, policy: 'acr' })).toEqual([]);
    expect(contrastRules({ medications: metformin, patient, exam, policy: 'esur' })).toEqual([]);
    expect(contrastRules({ medications: metformin, patient, exam, policy: 'fda' })).toContain('ct-fda-02');
  });

  it('metformin with eGFR 25: every authority stops it', () => {
    const patient = { age_years: 60, egfr: 25 };
    for (const policy of ['acr', 'fda', 'esur'] as const) {
      expect(
        contrastRules({ medications: metformin, patient, exam, policy }).some((id) => /-0\d$/.test(id)),
        policy,
      ).toBe(true);
    }
  });

  it('gadolinium with eGFR 20: group I is contraindicated, group II is not withheld (ACR)', () => {
    const patient = { egfr: 20 };
    const by = (agent: string) => alerts({ patient, exam: { contrast: 'gadolinium', agent } });
    expect(by('gadodiamide')[0]).toMatchObject({ rule_id: 'ct-acr-50', severity: 'contraindicated' });
    expect(by('Dotarem')[0]).toMatchObject({ rule_id: 'ct-acr-52', display: 'passive' });
  });

  it('an unknown eGFR is named, not taken for normal', () => {
    const alert = alerts({ medications: metformin, exam }).find(({ rule_id }) => rule_id === 'ct-acr-01');
    expect(alert).toMatchObject({ display: 'passive', depends_on: expect.arrayContaining(['eGFR']) });
  });

  it('manifest hyperthyroidism stops iodine, a pacemaker is asked about before MR', () => {
    expect(contrastRules({ conditions: ['Graves disease'], exam })).toContain('ct-all-30');
    expect(contrastRules({ conditions: ['Pacemaker'], exam: { contrast: 'gadolinium' } })).toContain('ct-all-90');
  });
});
