import { describe, expect, it } from 'vitest';
import { bundledDrugTables } from '../../../test/knowledge.ts';
import { checkMedications } from './check.ts';
import { compileKnowledge } from './compile.ts';
import { readKnowledgeTables } from './read-tables.ts';

const { files, manifest } = bundledDrugTables();
const knowledge = compileKnowledge([readKnowledgeTables(files, manifest)]);

/**
 * Pairs that were studied together and for which the label of the first drug states that nothing of clinical importance was found (FDA labels,
 * sections 7 and 12.3; brand in brackets).
 */
const STUDIED_WITHOUT_INTERACTION: readonly (readonly [label: string, drug: string, others: string])[] = [
  ['Singulair', 'montelukast', 'theophylline, prednisone, prednisolone, digoxin, warfarin, itraconazole, levothyroxine'],
  ['Proscar', 'finasteride', 'digoxin, propranolol, theophylline, warfarin, glibenclamide'],
  ['Januvia', 'sitagliptin', 'metformin, simvastatin, warfarin'],
  ['Tradjenta', 'linagliptin', 'metformin, simvastatin, warfarin, digoxin'],
  [
    'Protonix',
    'pantoprazole',
    'theophylline, carbamazepine, diazepam, diclofenac, naproxen, glibenclamide, metoprolol, nifedipine, midazolam, clarithromycin, metronidazole, amoxicillin',
  ],
  ['Pepcid', 'famotidine', 'warfarin, theophylline, phenytoin, diazepam'],
  ['Atacand', 'candesartan', 'glibenclamide, nifedipine, digoxin, warfarin, hydrochlorothiazide'],
  ['Diovan', 'valsartan', 'amlodipine, atenolol, digoxin, furosemide, hydrochlorothiazide, warfarin'],
  ['Cozaar', 'losartan', 'hydrochlorothiazide, warfarin, digoxin'],
  ['Norvasc', 'amlodipine', 'digoxin, warfarin, atorvastatin, cimetidine'],
  ['Neurontin', 'gabapentin', 'phenytoin, carbamazepine, valproic acid, cimetidine'],
  ['Aricept', 'donepezil', 'theophylline, warfarin, cimetidine'],
  ['Namenda', 'memantine', 'metformin, hydrochlorothiazide, warfarin, donepezil'],
  ['Actos', 'pioglitazone', 'digoxin, warfarin, metformin, nifedipine, theophylline'],
  ['Zetia', 'ezetimibe', 'digoxin, glipizide, atorvastatin, simvastatin, rosuvastatin'],
  ['Eliquis', 'apixaban', 'famotidine, atenolol, digoxin'],
  ['Xarelto', 'rivaroxaban', 'midazolam, digoxin, atorvastatin, omeprazole'],
  ['Keppra', 'levetiracetam', 'phenytoin, valproic acid, warfarin, digoxin'],
  ['Flomax', 'tamsulosin', 'furosemide, digoxin, theophylline'],
  ['Jardiance', 'empagliflozin', 'metformin, warfarin, digoxin, simvastatin, verapamil, linagliptin, sitagliptin'],
  ['Farxiga', 'dapagliflozin', 'simvastatin, warfarin, digoxin, valsartan, metformin, pioglitazone, sitagliptin'],
];

/**
 * Pairs that ONC's panel recommends not to interrupt for (Phansalkar 2013, J Am Med Inform Assoc 20:489, doi 10.1136/amiajnl-2012-001089), by the
 * classes of this base. The article's table was not at hand: the classes are those of the pairs that Ayvaz 2015 (J Biomed Inform 55:206, doi
 * 10.1016/j.jbi.2015.04.006; public-PDDI-analysis, "ONC Non-Interuptive") took from it.
 */
const LOW_PRIORITY: readonly (readonly [a: string, others: string])[] = [
  ['ace-inhibitor', 'salicylate, nsaid, arb, sulfonylurea, thiazide'],
  ['beta-blocker', 'ssri, nsaid, salicylate, calcium-blocker-dhp, antacid, thyroid-hormone'],
  ['thiazide', 'nsaid, salicylate'],
  ['anticoagulant', 'drug:paracetamol, corticosteroid, statin, ppi'],
  ['drug:dipyridamole', 'corticosteroid, statin, ppi'],
  ['drug:clopidogrel', 'salicylate'],
  ['thyroid-hormone', 'statin, antacid, chelating-cation'],
  ['bisphosphonate', 'antacid, chelating-cation'],
  ['corticosteroid', 'antacid, cholinesterase-inhibitor, contraceptive-hormonal, drug:tacrolimus, drug:sirolimus, drug:everolimus'],
  ['ppi', 'azole-antifungal, benzodiazepine'],
  ['drug:folic-acid', 'drug:methotrexate'],
];

/** At most so many of them may alert (issue's limit for pairs without any known interaction). */
const MAX_SHARE = 0.03;
/** Of all pairs so many may stop the prescriber: alerts that come too often are clicked away (van der Sijs 2006, J Am Med Inform Assoc 13:138). */
const MAX_INTERRUPTIVE = 0.02;

const interactions = (a: string, b: string) =>
  checkMedications(knowledge, { medications: [a, b] }).alerts.filter(({ kind }) => kind === 'interaction' || kind === 'duplicate');

describe('pairs of drugs', () => {
  const pairs = STUDIED_WITHOUT_INTERACTION.flatMap(([, drug, others]) => others.split(', ').map((other) => [drug, other] as const));

  it('are known, so that silence about them says something', () => {
    for (const pair of pairs) {
      const { not_checked } = checkMedications(knowledge, { medications: [...pair] });
      expect(not_checked.filter(({ reason }) => reason.includes('recognized')).map(({ text }) => text)).toEqual([]);
    }
  });

  it('of which the label says that nothing was found alert in at most 3 of 100', () => {
    const alerting = pairs.filter(([a, b]) => interactions(a, b).length > 0);
    expect(pairs.length).toBeGreaterThanOrEqual(90);
    expect(alerting.length / pairs.length, alerting.map((pair) => pair.join(' + ')).join('; ')).toBeLessThanOrEqual(MAX_SHARE);
  });

  it('of the low-priority list (Phansalkar 2013) stop the prescriber in at most 2 of 100, and only where a high-priority pair is among them', () => {
    const drugs = [...knowledge.drugs.values()].filter(({ parts }) => parts.length === 0);
    const membersOf = (name: string) =>
      drugs.filter(({ id, classes }) => (name.startsWith('drug:') ? id === name.slice(5) : classes.includes(name)));
    const stopping: string[] = [];
    let all = 0;
    for (const [name, others] of LOW_PRIORITY) {
      for (const other of others.split(', ')) {
        expect(membersOf(name).length * membersOf(other).length, `${name} + ${other}`).toBeGreaterThan(0);
        for (const [a, b] of membersOf(name).flatMap((one) => membersOf(other).map((two) => [one, two] as const))) {
          if (a.id === b.id) continue;
          all += 1;
          const medications = [a, b].map(({ id }) => ({ system: 'local' as const, code: id }));
          const { alerts } = checkMedications(knowledge, { medications });
          const rules = alerts
            .filter(({ kind, display }) => kind === 'interaction' && display === 'interruptive')
            .map(({ rule_id }) => rule_id);
          if (rules.length > 0) stopping.push(...rules);
        }
      }
    }
    expect(all).toBeGreaterThan(1_000);
    expect(stopping.length / all, stopping.join(' ')).toBeLessThanOrEqual(MAX_INTERRUPTIVE);
    expect(stopping.filter((rule) => !rule.startsWith('onc-high-'))).toEqual([]);
  });

  it('stop the prescriber in at most 2 of 100 of all pairs of the base', () => {
    const drugs = [...knowledge.drugs.values()].filter(({ parts }) => parts.length === 0).filter((_, index) => index % 5 === 0);
    let [all, stopping] = [0, 0];
    for (const [index, a] of drugs.entries()) {
      for (const b of drugs.slice(index + 1)) {
        const medications = [a, b].map(({ id }) => ({ system: 'local' as const, code: id }));
        const { alerts } = checkMedications(knowledge, { medications });
        all += 1;
        if (alerts.some(({ kind, display }) => kind === 'interaction' && display === 'interruptive')) stopping += 1;
      }
    }
    expect(all).toBeGreaterThan(5_000);
    expect(stopping / all).toBeLessThanOrEqual(MAX_INTERRUPTIVE);
  });
});
