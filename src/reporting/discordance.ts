import type { Finding } from '../contract/findings.ts';
import type { Locale, ReportSections } from '../contract/reports.ts';
import { labelFindings, type Mention, summarizeMentions } from './label-findings.ts';
import { OBSERVATIONS, type Observation } from './label-lexicon.ts';

export type Discordance =
  /** A model's finding that the reader did not reject, of which the report says nothing or the contrary. */
  | { kind: 'model-only'; observation: Observation; finding_ids: string[]; sentence: string | null }
  /** The report states what a model looked for and did not find, or what the reader rejected when the model proposed it. */
  | { kind: 'report-only'; observation: Observation; finding_ids: string[]; sentence: string };

type Compared = Pick<Finding, 'id' | 'code' | 'source' | 'status'>;

/**
 * Compares the text of a report with what the models found. Only observations that a model evaluated count (`evaluated`: codes that its
 * card lists, of runs that succeeded): silence of a model that did not look says nothing. A doubt in the report agrees with either.
 */
export function findDiscordances(
  sections: Pick<ReportSections, 'findings' | 'impression'>,
  locale: Locale,
  { findings, evaluated }: { findings: readonly Compared[]; evaluated: readonly string[] },
): Discordance[] {
  const said = summarizeMentions(labelFindings(`${sections.findings}\n${sections.impression}`, locale));
  return OBSERVATIONS.flatMap((observation): Discordance[] => {
    if (!evaluated.includes(observation)) return [];
    const ofModel = findings.filter(({ code, source }) => code === observation && source === 'model');
    return compare(observation, ofModel, saidOf(observation, said));
  });
}

function compare(observation: Observation, ofModel: readonly Compared[], mention: Mention | undefined): Discordance[] {
  const standing = ofModel.filter(({ status }) => status !== 'rejected');
  if (standing.length > 0 && (mention === undefined || mention.certainty === 'absent')) {
    return [{ kind: 'model-only', observation, finding_ids: idsOf(standing), sentence: mention?.sentence ?? null }];
  }
  if (standing.length === 0 && mention?.certainty === 'present') {
    return [{ kind: 'report-only', observation, finding_ids: idsOf(ofModel), sentence: mention.sentence }];
  }
  return [];
}

/** Words that report the same state of the lung in other terms: an infiltrate that the reader describes agrees with a pneumonia. */
const AGREES: Readonly<Partial<Record<Observation, readonly Observation[]>>> = { pneumonia: ['consolidation', 'lung-opacity'] };

function saidOf(observation: Observation, said: ReadonlyMap<Observation, Mention>): Mention | undefined {
  const direct = said.get(observation);
  if (direct && direct.certainty !== 'absent') return direct;
  const near = (AGREES[observation] ?? []).map((other) => said.get(other)).find((mention) => mention && mention.certainty !== 'absent');
  // Near words do not make the report say more than it does: they count as a doubt.
  return near ? { ...near, observation, certainty: 'uncertain' } : direct;
}

function idsOf(findings: readonly Compared[]): string[] {
  return findings.map(({ id }) => id);
}
