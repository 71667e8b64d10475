import type { StudyDetail } from '../../contract/studies.ts';
import type { LayoutName, SeriesReference } from '../viewer/viewer-surface.ts';
import type { PresetName } from '../viewer/window-presets.ts';

type Series = StudyDetail['series'][number];
export type HungStudy = Pick<StudyDetail, 'study_instance_uid' | 'description' | 'series'>;

/** One way to tell a series: all that is named must hold. */
export type SeriesRule = {
  /** View Position (0018,5101), or the view in the words of the description. */
  view?: RegExp;
  /** Something that the descriptions of series and study say. */
  words?: RegExp;
  notWords?: RegExp;
  modalities?: readonly string[];
};

export type CellRule = {
  from: 'present' | 'prior';
  /** The first that some series fits; of several that fit, the one with most pictures. An empty rule fits any. */
  series: readonly SeriesRule[];
  /** May show what another cell of the stage shows already, in another window. */
  isShared?: boolean;
  window?: PresetName;
};

/** One arrangement of pictures; a reading goes from stage to stage. */
export type Stage = { layout: LayoutName; cells: readonly CellRule[]; isLinked: boolean };

export type ProtocolMatch = {
  modalities: readonly string[];
  /** Body part, or words of the descriptions of study and series. */
  words?: RegExp;
  minSeries?: number;
};

export type HangingProtocol = {
  id: string;
  match: ProtocolMatch;
  /** In reading order. Those whose series or prior are not there are left out. */
  stages: readonly Stage[];
};

export type HungCell = { series: SeriesReference; window: PresetName | null };
export type HungStage = { layout: LayoutName; cells: readonly HungCell[]; isLinked: boolean };

/**
 * The protocols that a study fits, in the order of the table, which goes from the special to the general. A protocol of modalities is one of
 * those with which most pictures were made: the scout of a CT does not make it a radiograph.
 */
export function protocolsFor(study: HungStudy, protocols: readonly HangingProtocol[]): HangingProtocol[] {
  const [largest] = withPictures(study).toSorted((a, b) => pictures(b) - pictures(a));
  return protocols.filter(({ match }) => {
    if (!largest || (match.modalities.length > 0 && !match.modalities.includes(largest.modality))) return false;
    const series = withPictures(study).filter(({ modality }) => match.modalities.length === 0 || match.modalities.includes(modality));
    const saidOf = (one: Series): string => [study.description, one.body_part, one.description].filter(Boolean).join(' ');
    if (series.length < (match.minSeries ?? 1)) return false;
    return match.words === undefined || series.some((one) => match.words?.test(plain(saidOf(one))));
  });
}

/** The stages of a protocol that the study, and its prior if there is one, can fill. */
export function hang(protocol: HangingProtocol, { study, prior }: { study: HungStudy; prior: HungStudy | null }): HungStage[] {
  return protocol.stages.flatMap(({ layout, cells, isLinked }): HungStage[] => {
    const filled = fill(cells, { study, prior });
    return filled ? [{ layout, cells: filled, isLinked }] : [];
  });
}

/** Every cell with its series; undefined if one stays empty. */
function fill(rules: readonly CellRule[], studies: { study: HungStudy; prior: HungStudy | null }): HungCell[] | undefined {
  const taken = new Set<Series>();
  const cells: HungCell[] = [];
  for (const { from, series: wanted, isShared, window } of rules) {
    const study = from === 'present' ? studies.study : studies.prior;
    const free = study ? withPictures(study).filter((one) => isShared || !taken.has(one)) : [];
    const found = study && pick(wanted, free);
    if (!study || !found) return undefined;
    taken.add(found);
    const series = { study_instance_uid: study.study_instance_uid, series_instance_uid: found.series_instance_uid };
    cells.push({ series, window: window ?? null });
  }
  return cells;
}

function pick(rules: readonly SeriesRule[], series: readonly Series[]): Series | undefined {
  for (const rule of rules) {
    const fitting = series.filter((one) => fits(rule, one));
    // The sort is stable: of equals, the first that was made.
    const [largest] = fitting.toSorted((a, b) => pictures(b) - pictures(a));
    if (largest) return largest;
  }
  return undefined;
}

function fits({ view, words, notWords, modalities }: SeriesRule, { view_position, description, modality }: Series): boolean {
  const said = plain(description ?? '');
  if (modalities && !modalities.includes(modality)) return false;
  if (view && !view.test(plain([view_position, description].filter(Boolean).join(' ')))) return false;
  if (words && !words.test(said)) return false;
  return !notWords?.test(said);
}

/** Segmentations lie over what they were made from, and do not hang by themselves. */
function withPictures({ series }: HungStudy): Series[] {
  return series.filter((one) => one.modality !== 'SEG' && pictures(one) > 0);
}

function pictures({ instances }: Series): number {
  return instances.reduce((sum, { has_pixels, number_of_frames }) => sum + (has_pixels ? number_of_frames : 0), 0);
}

/** Descriptions join words by underscores and dots, which are no word boundaries. */
function plain(text: string): string {
  return text.replaceAll(/[_.,;:/^]+/g, ' ');
}
