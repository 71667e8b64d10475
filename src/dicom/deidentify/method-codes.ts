import type { DeidentificationOptions } from '../../contract/deidentification.ts';
import { type DataSet, textOf } from '../data-set.ts';
import { Tag } from '../tags.ts';

/** PS3.16 CID 7050, De-identification Method. 113102, Clean Recognizable Visual Features, is not among them: nothing here does that. */
const METHODS = {
  basic: ['113100', 'Basic Application Confidentiality Profile'],
  pixels: ['113101', 'Clean Pixel Data Option'],
  graphics: ['113103', 'Clean Graphics Option'],
  structured: ['113104', 'Clean Structured Content Option'],
  descriptors: ['113105', 'Clean Descriptors Option'],
  fullDates: ['113106', 'Retain Longitudinal Temporal Information Full Dates Option'],
  modifiedDates: ['113107', 'Retain Longitudinal Temporal Information Modified Dates Option'],
  patient: ['113108', 'Retain Patient Characteristics Option'],
  device: ['113109', 'Retain Device Identity Option'],
  uids: ['113110', 'Retain UIDs Option'],
  private: ['113111', 'Retain Safe Private Option'],
  institution: ['113112', 'Retain Institution Identity Option'],
} as const;
type Method = keyof typeof METHODS;

/** LO holds 64 characters. */
const LONGEST_TEXT = 64;

/** Items of De-identification Method Code Sequence: what was done now, after what the object says was done before. */
export function methodCodes(
  options: DeidentificationOptions,
  { pixelsAreClean, earlier }: { pixelsAreClean: boolean; earlier: readonly DataSet[] },
): DataSet[] {
  const before = earlier.flatMap((item) => {
    const known = Object.values(METHODS).find(([code]) => code === textOf(item, Tag.CodeValue));
    return known !== undefined && textOf(item, Tag.CodingSchemeDesignator) === 'DCM' ? [known] : [];
  });
  const now = methodsOf(options, pixelsAreClean).map((method) => METHODS[method]);
  return [...new Map([...before, ...now].map(([code, meaning]) => [code, meaning]))].map(([code, meaning]) => ({
    [Tag.CodeValue]: { vr: 'SH', Value: [code] },
    [Tag.CodingSchemeDesignator]: { vr: 'SH', Value: ['DCM'] },
    [Tag.CodeMeaning]: { vr: 'LO', Value: [meaning] },
  }));
}

/** The same in words, for De-identification Method. */
export function methodTexts(options: DeidentificationOptions, pixelsAreClean: boolean): string[] {
  const names = methodsOf(options, pixelsAreClean).map((method) => METHODS[method][1]);
  return ['Isocenter, DICOM PS3.15 Annex E', ...names].map((text) => text.slice(0, LONGEST_TEXT));
}

function methodsOf(options: DeidentificationOptions, pixelsAreClean: boolean): Method[] {
  const chosen: [Method, boolean][] = [
    ['basic', true],
    ['pixels', pixelsAreClean],
    ['graphics', options.clean_graphics],
    ['structured', options.clean_structured_content],
    ['descriptors', options.clean_descriptors],
    ['fullDates', options.dates === 'keep'],
    ['modifiedDates', options.dates === 'modify'],
    ['patient', options.retain_patient_characteristics],
    ['device', options.retain_device_identity],
    ['uids', options.retain_uids],
    ['private', options.retain_safe_private],
    ['institution', options.retain_institution_identity],
  ];
  return chosen.flatMap(([method, isChosen]) => (isChosen ? [method] : []));
}
