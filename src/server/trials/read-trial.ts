import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Trial, TrialLocation } from '../../clinical/trials/match-trial.ts';
import { readAge } from '../../clinical/trials/read-criteria.ts';

const Text = Type.Optional(Type.String());
const Texts = Type.Optional(Type.Array(Type.String()));
const Location = Type.Object({
  facility: Text,
  city: Text,
  country: Text,
  status: Text,
  geoPoint: Type.Optional(Type.Object({ lat: Type.Optional(Type.Number()), lon: Type.Optional(Type.Number()) })),
});
/** What is read of a study of ClinicalTrials.gov, API v2; others of its fields are left alone. */
const Study = Type.Object({
  protocolSection: Type.Object({
    identificationModule: Type.Object({ nctId: Type.String({ pattern: '^NCT\\d{8}$' }), briefTitle: Text, officialTitle: Text }),
    statusModule: Type.Optional(Type.Object({ overallStatus: Text, lastUpdatePostDateStruct: Type.Optional(Type.Object({ date: Text })) })),
    descriptionModule: Type.Optional(Type.Object({ briefSummary: Text })),
    conditionsModule: Type.Optional(Type.Object({ conditions: Texts, keywords: Texts })),
    designModule: Type.Optional(Type.Object({ phases: Texts })),
    armsInterventionsModule: Type.Optional(
      Type.Object({ interventions: Type.Optional(Type.Array(Type.Object({ type: Text, name: Text }))) }),
    ),
    eligibilityModule: Type.Optional(Type.Object({ eligibilityCriteria: Text, sex: Text, minimumAge: Text, maximumAge: Text })),
    contactsLocationsModule: Type.Optional(Type.Object({ locations: Type.Optional(Type.Array(Location)) })),
  }),
});

/** Some trials have thousands of places; the text of a registration is kept whole. */
const MAX_LOCATIONS = 500;

/** A study as the registry gives it; undefined for what has not its shape. */
export function readTrial(value: unknown): Trial | undefined {
  if (!Value.Check(Study, value)) return undefined;
  const { identificationModule: id, statusModule, descriptionModule, conditionsModule, ...section } = value.protocolSection;
  const { eligibilityModule, designModule, armsInterventionsModule, contactsLocationsModule } = section;
  const title = (id.briefTitle ?? id.officialTitle ?? '').replaceAll('\u0000', ' ');
  if (!title) return undefined;
  const sex = eligibilityModule?.sex?.toLowerCase();
  return {
    nct_id: id.nctId,
    title,
    status: statusModule?.overallStatus ?? 'UNKNOWN',
    phases: designModule?.phases ?? [],
    conditions: conditionsModule?.conditions ?? [],
    keywords: conditionsModule?.keywords ?? [],
    interventions: (armsInterventionsModule?.interventions ?? []).flatMap(({ name }) => name ?? []),
    summary: descriptionModule?.briefSummary ?? '',
    sex: sex === 'female' || sex === 'male' ? sex : 'all',
    minimum_age: readAge(eligibilityModule?.minimumAge),
    maximum_age: readAge(eligibilityModule?.maximumAge),
    criteria: eligibilityModule?.eligibilityCriteria ?? '',
    locations: (contactsLocationsModule?.locations ?? []).slice(0, MAX_LOCATIONS).map(locationOf),
    updated_on: statusModule?.lastUpdatePostDateStruct?.date ?? null,
  };
}

function locationOf({ facility = '', city = '', country = '', status, geoPoint }: Type.Static<typeof Location>): TrialLocation {
  const place = geoPoint?.lat !== undefined && geoPoint.lon !== undefined ? { latitude: geoPoint.lat, longitude: geoPoint.lon } : null;
  return { facility, city, country, status: status ?? null, place };
}
