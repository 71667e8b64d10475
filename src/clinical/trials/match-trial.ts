import type { JudgedCriterion, TrialMatch } from '../../contract/trials.ts';
import { judgeCriterion } from './judge-criterion.ts';
import { ageDatum, sexDatum } from './judge-person.ts';
import type { PatientFacts } from './patient-facts.ts';
import { readCriteria } from './read-criteria.ts';

/** Degrees, WGS 84. */
export type Place = { latitude: number; longitude: number };
export type TrialLocation = { facility: string; city: string; country: string; status: string | null; place: Place | null };
/** A registration, as far as it is matched and shown. */
export type Trial = {
  nct_id: string;
  title: string;
  status: string;
  phases: string[];
  conditions: string[];
  keywords: string[];
  interventions: string[];
  summary: string;
  sex: 'all' | 'female' | 'male';
  /** In years; null: no limit. */
  minimum_age: number | null;
  maximum_age: number | null;
  criteria: string;
  locations: TrialLocation[];
  updated_on: string | null;
};

/** Statuses of which a patient can still be taken in (ClinicalTrials.gov, data element definitions). */
const OPEN = new Set(['RECRUITING', 'NOT_YET_RECRUITING', 'ENROLLING_BY_INVITATION']);
/** IUGG mean radius of the earth. */
const EARTH_KM = 6371.0088;

/** Where the patient is, and how far is too far. */
export type Reach = { from: Place | null; maxKm: number | null };

/** Holds a trial against a patient: the fields of the registration, then each criterion of its text. */
export function matchTrial(trial: Trial, facts: PatientFacts, reach: Reach): Omit<TrialMatch, 'origin'> {
  const nearest = nearestOf(trial, reach.from);
  const criteria = [
    ...structured(trial, facts, { reach, nearest }),
    ...readCriteria(trial.criteria).map((criterion) => judgeCriterion(criterion, facts)),
  ];
  const count = (speaks: JudgedCriterion['speaks']): number => criteria.filter((criterion) => criterion.speaks === speaks).length;
  const counts = { for: count('for'), against: count('against'), open: count('open') };
  const { nct_id, title, status, phases, conditions, interventions, updated_on } = trial;
  const url = `https://clinicaltrials.gov/study/${nct_id}`;
  const verdict = counts.against > 0 ? 'excluded' : 'possible';
  return { nct_id, title, status, phases, conditions, interventions, url, updated_on, nearest, verdict, counts, criteria };
}

/** The better match first: nothing against it, more for it, nearer. */
export function compareMatches(a: Pick<TrialMatch, 'counts' | 'nearest'>, b: Pick<TrialMatch, 'counts' | 'nearest'>): number {
  const isExcluded = (match: typeof a): number => (match.counts.against > 0 ? 1 : 0);
  const distance = (match: typeof a): number => match.nearest?.distance_km ?? Number.MAX_SAFE_INTEGER;
  return isExcluded(a) - isExcluded(b) || b.counts.for - a.counts.for || distance(a) - distance(b);
}

type Nearest = TrialMatch['nearest'];

function structured(trial: Trial, facts: PatientFacts, { reach, nearest }: { reach: Reach; nearest: Nearest }): JudgedCriterion[] {
  const { minimum_age, maximum_age, sex, status } = trial;
  const judged: JudgedCriterion[] = [
    item(`Status: ${status}`, status === 'UNKNOWN' ? undefined : OPEN.has(status), { reason: 'By the registration', data: [] }),
  ];
  if (minimum_age !== null || maximum_age !== null) {
    const { age } = facts;
    // Ages are counted in full years: whoever is 75 is within `up to 75 years`.
    const holds = age === null ? undefined : age >= (minimum_age ?? 0) && age <= (maximum_age ?? Number.POSITIVE_INFINITY);
    judged.push(item(`Age ${yearsOf(minimum_age)} to ${yearsOf(maximum_age)}`, holds, { reason: 'By age', data: ageDatum(facts) }));
  }
  if (sex !== 'all') {
    const holds = facts.sex === null ? undefined : facts.sex === sex;
    judged.push(item(`Sex: ${sex}`, holds, { reason: 'By sex', data: sexDatum(facts) }));
  }
  if (reach.from && reach.maxKm !== null) {
    const distance = nearest?.distance_km ?? null;
    const data =
      distance === null ? [] : [{ record_entry_id: null, text: `${Math.round(distance)} km from the place that was given`, date: null }];
    judged.push(item(`Within ${reach.maxKm} km`, distance === null ? undefined : distance <= reach.maxKm, { reason: 'By distance', data }));
  }
  return judged;
}

function yearsOf(age: number | null): string {
  return age === null ? 'any' : String(Math.round(age * 100) / 100);
}

function item(text: string, holds: boolean | undefined, { reason, data }: Pick<JudgedCriterion, 'reason' | 'data'>): JudgedCriterion {
  if (holds === undefined) return { kind: 'structured', text, status: 'unknown', speaks: 'open', reason: 'Not known', data };
  return { kind: 'structured', text, status: holds ? 'met' : 'not_met', speaks: holds ? 'for' : 'against', reason, data };
}

/** Of the places that take patients in, or of all where none says so. */
function nearestOf({ locations }: Trial, from: Place | null): Nearest {
  const open = locations.filter(({ status }) => status !== null && OPEN.has(status));
  const candidates = (open.length > 0 ? open : locations).map(({ facility, city, country, place }) => ({
    facility,
    city,
    country,
    distance_km: from && place ? Math.round(distanceKm(from, place) * 10) / 10 : null,
  }));
  if (!from) return null;
  return candidates.toSorted((a, b) => (a.distance_km ?? Number.MAX_SAFE_INTEGER) - (b.distance_km ?? Number.MAX_SAFE_INTEGER))[0] ?? null;
}

/** Great-circle distance by the haversine formula (Sinnott, Sky and Telescope 1984;68:159). */
export function distanceKm(a: Place, b: Place): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const half = (angle: number): number => Math.sin(angle / 2) ** 2;
  const chord =
    half(radians(b.latitude - a.latitude)) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(radians(b.longitude - a.longitude));
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}
