import { createHash } from 'node:crypto';
import type { ModelCard, QuantificationCard } from '../../contract/model-card.ts';
import { type Acquisition, accepts } from '../../inference/acceptance.ts';
import type { StudyInstance, StudyToAnalyze } from '../studies/queries.ts';

/** A model as the analysis knows it: a network, or an algorithm that measures. */
export type KnownModel = { card: ModelCard | QuantificationCard; digest: string };
export type Network = { card: ModelCard; digest: string };
export type Quantifier = { card: QuantificationCard; digest: string };

/** One run to make, or the statement that a model accepts nothing of the study and why. `key` names the run for ever. */
export type PlannedRun =
  | { kind: 'picture'; key: string; inputDigest: string; model: Network; instance: StudyInstance; acquisition: Acquisition }
  | { kind: 'series'; key: string; inputDigest: string; model: Quantifier; seriesInstanceUid: string; instances: StudyInstance[] }
  | { kind: 'none'; key: string; inputDigest: string; model: KnownModel; reason: string };

/**
 * Chooses what runs on a study: each network on each picture that its card accepts, each quantifier on each series of its modality; a
 * model that accepts nothing gets one abstention with its reason. Pure: the same study and models give the same keys.
 */
export function planRuns(study: StudyToAnalyze, models: readonly KnownModel[]): PlannedRun[] {
  return models.flatMap((model) => {
    const runs = isNetwork(model) ? pictureRuns(study, model) : seriesRuns(study, model as Quantifier);
    return runs.length > 0 ? runs : [noRun(study, model)];
  });
}

/** A network that only guards others (no findings of its own) is run by them, not by itself. */
export function isReader({ card }: KnownModel): boolean {
  return card.findings.length > 0;
}

function isNetwork(model: KnownModel): model is Network {
  return model.card.task === 'classification';
}

function pictureRuns(study: StudyToAnalyze, model: Network): PlannedRun[] {
  return study.instances.filter(hasPicture).flatMap((instance) => {
    const acquisition = acquisitionOf(study, instance);
    if (!accepts(model.card, acquisition).accepted) return [];
    const key = keyOf(study, model, [instance.sop_instance_uid, instance.content_digest]);
    return [{ kind: 'picture' as const, key, inputDigest: instance.content_digest, model, instance, acquisition }];
  });
}

function seriesRuns(study: StudyToAnalyze, model: Quantifier): PlannedRun[] {
  const accepted = study.instances.filter((instance) => hasPicture(instance) && model.card.accepts.modalities.includes(instance.modality));
  const series = Map.groupBy(accepted, (instance) => instance.series_instance_uid);
  return [...series].map(([seriesInstanceUid, instances]) => {
    const inputDigest = sha256(instances.map(({ content_digest }) => content_digest).sort());
    return {
      kind: 'series' as const,
      key: keyOf(study, model, [seriesInstanceUid, inputDigest]),
      inputDigest,
      model,
      seriesInstanceUid,
      instances,
    };
  });
}

function noRun(study: StudyToAnalyze, model: KnownModel): PlannedRun {
  const inputDigest = sha256(study.instances.map(({ content_digest }) => content_digest).sort());
  return { kind: 'none', key: keyOf(study, model, ['none', inputDigest]), inputDigest, model, reason: refusalOf(study, model) };
}

/** Why the model takes nothing: its word on the first picture, which stands for the study. */
function refusalOf(study: StudyToAnalyze, model: KnownModel): string {
  const pictures = study.instances.filter(hasPicture);
  const [first] = pictures;
  if (!first) return `${model.card.title}: the study holds no picture`;
  if (!isNetwork(model))
    return `${model.card.title}: made for modality ${model.card.accepts.modalities.join(', ')}; the study has ${modalitiesOf(pictures)}`;
  const acceptance = accepts(model.card, acquisitionOf(study, first));
  return acceptance.accepted ? `${model.card.title}: nothing to evaluate` : acceptance.reason;
}

function acquisitionOf(study: StudyToAnalyze, { modality, body_part, view_position }: StudyInstance): Acquisition {
  return {
    modality,
    ...(body_part === null ? {} : { bodyPart: body_part }),
    ...(view_position === null ? {} : { view: view_position }),
    ...ageAt(study.patient_birth_date, study.study_date),
  };
}

/** Full years between two DICOM dates; nothing if either is missing or not a date. */
export function ageAt(birthDate: string | null, onDate: string | null): { ageYears?: number } {
  const [birth, on] = [birthDate, onDate].map((date) =>
    /^(\d{4})(\d{2})(\d{2})$/
      .exec(date ?? '')
      ?.slice(1)
      .map(Number),
  );
  if (!birth || !on) return {};
  const [birthYear = 0, birthMonth = 0, birthDay = 0] = birth;
  const [year = 0, month = 0, day = 0] = on;
  const hadBirthday = month > birthMonth || (month === birthMonth && day >= birthDay);
  const ageYears = year - birthYear - (hadBirthday ? 0 : 1);
  return ageYears < 0 ? {} : { ageYears };
}

function hasPicture(instance: StudyInstance): boolean {
  return instance.pixel_offset !== null && instance.rows !== null;
}

function modalitiesOf(instances: StudyInstance[]): string {
  return [...new Set(instances.map(({ modality }) => modality))].sort().join(', ');
}

function keyOf(study: StudyToAnalyze, model: KnownModel, parts: string[]): string {
  return sha256([study.study_instance_uid, model.card.id, model.digest, ...parts]);
}

function sha256(parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
