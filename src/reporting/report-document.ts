import type { Locale, Report, ReportSections } from '../contract/reports.ts';

/** A picture for the report, its heat map or boxes already composed into it. The caption is its alternative text, too. */
export type KeyImage = { png: Uint8Array; caption: string };

/** One run of a model, as the provenance table shows it. */
export type AiProvenance = { model: string; version: string; digest: string; result: string; disclaimer: string };

/** A signed addendum. */
export type PaperAddendum = { number: number; text: string; signature: PaperSignature };
type PaperSignature = { name: string; time: string; meaning: string; content_sha256: string };

/** Everything that stands on the paper. Dates as DICOM (`19700131`) or ISO 8601; instants ISO 8601 in UTC. */
export type ReportDocument = {
  id: string;
  locale: Locale;
  status: Report['status'];
  version: number;
  title: string;
  institution?: string;
  patient: {
    /** DICOM Person Name (`Family^Given`) or plain. */
    name: string;
    id: string;
    birth_date: string | null;
    /** DICOM Patient's Sex: M, F, O. */
    sex: string | null;
    age?: string;
  };
  study: {
    date: string | null;
    accession: string | null;
    description: string | null;
    /** DICOM modality codes. */
    modalities: readonly string[];
    uid: string;
  };
  sections: ReportSections;
  key_images: readonly KeyImage[];
  ai: readonly AiProvenance[];
  disclaimer: string;
  /** Absent on a draft. */
  signature?: PaperSignature;
  /** Signed later, each for itself. */
  addenda?: readonly PaperAddendum[];
  amendment?: { reason: string; of_version: number; date: string };
  is_synthetic: boolean;
  /** Date of the document; equal documents give equal bytes. */
  created: string;
};
