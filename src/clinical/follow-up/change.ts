/** How one number of a lesion changed between two studies. */
export type Change = {
  absolute: number;
  /** Of the prior; null where that is 0, or where the zero of the unit means nothing. */
  percent: number | null;
  direction: 'larger' | 'smaller' | 'same';
};

/** Less than this part of the prior is rounding, not change. */
const ROUNDING = 1e-9;

/** @param isRatioScale false where a percentage says nothing, as of Hounsfield units, whose zero is water */
export function changeOf(prior: number, present: number, { isRatioScale = true } = {}): Change {
  const absolute = present - prior;
  const isSame = Math.abs(absolute) <= Math.abs(prior) * ROUNDING;
  return {
    absolute: isSame ? 0 : absolute,
    percent: isRatioScale && prior !== 0 ? (isSame ? 0 : (100 * absolute) / Math.abs(prior)) : null,
    direction: isSame ? 'same' : absolute > 0 ? 'larger' : 'smaller',
  };
}

/** Whole days from one DICOM date (`YYYYMMDD`) to another; null if either is none. */
export function daysBetweenDates(from: string | null, to: string | null): number | null {
  const [begin, end] = [from, to].map((date) => {
    const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(date ?? '') ?? [];
    const time = year === undefined ? Number.NaN : Date.UTC(Number(year), Number(month) - 1, Number(day));
    // The 31st of June would be the 1st of July.
    return Number.isNaN(time) || new Date(time).getUTCDate() !== Number(day) ? undefined : time;
  });
  return begin === undefined || end === undefined ? null : Math.round((end - begin) / 86_400_000);
}

/**
 * Days in which a volume doubles, if it grows exponentially: t ln 2 / ln(V2 / V1). Of a diameter: that of a sphere, whose volume grows
 * with its cube. Negative while it shrinks (the days in which it halves); null where nothing changed, or no time passed.
 *
 * Source: Schwartz M. A biomathematical approach to clinical tumor growth. Cancer 1961;14:1272-1294.
 */
export function doublingTimeDays(
  { prior, present }: { prior: number; present: number },
  { days, measure }: { days: number | null; measure: 'volume' | 'diameter' },
): number | null {
  if (days === null || days <= 0 || prior <= 0 || present <= 0 || changeOf(prior, present).direction === 'same') return null;
  const growth = Math.log(present / prior) * (measure === 'diameter' ? 3 : 1);
  return (days * Math.LN2) / growth;
}

/** A sum of diameters, and which of the two thresholds of RECIST its change passes. */
export type SumOfDiameters = {
  lesions: number;
  prior_mm: number;
  present_mm: number;
  change: Change;
  threshold: 'decrease_30_percent' | 'increase_20_percent_and_5_mm' | 'neither';
};

/**
 * The sum over lesions that were measured in both studies. Arithmetic only, not a response: RECIST compares growth with the smallest sum
 * since treatment began, shrinking with the sum before it, and looks at lesions that were not measured and at new ones.
 *
 * Source: Eisenhauer EA et al. New response evaluation criteria in solid tumours: revised RECIST guideline (version 1.1). Eur J Cancer
 * 2009;45:228-247, section 4.3.1.
 */
export function sumOfDiameters(pairs: readonly { prior: number; present: number }[]): SumOfDiameters | null {
  if (pairs.length === 0) return null;
  const prior_mm = pairs.reduce((sum, { prior }) => sum + prior, 0);
  const present_mm = pairs.reduce((sum, { present }) => sum + present, 0);
  const change = changeOf(prior_mm, present_mm);
  return { lesions: pairs.length, prior_mm, present_mm, change, threshold: thresholdOf(change) };
}

function thresholdOf({ absolute, percent }: Change): SumOfDiameters['threshold'] {
  if (percent !== null && percent <= -30) return 'decrease_30_percent';
  return percent !== null && percent >= 20 && absolute >= 5 ? 'increase_20_percent_and_5_mm' : 'neither';
}
