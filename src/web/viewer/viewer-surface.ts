/** One frame of an instance that the viewer knows; `frame` counts from 1. */
export type FrameReference = {
  study_instance_uid: string;
  series_instance_uid: string;
  sop_instance_uid: string;
  frame: number;
};
export type SeriesReference = Pick<FrameReference, 'study_instance_uid' | 'series_instance_uid'>;

/** Stacks side by side, the three planes of a volume, or the volume as a whole. */
export type LayoutName = '1x1' | '1x2' | '2x2' | 'mpr' | 'volume';
/** Number of stacks in a layout; `mpr` and `volume` show the series of the active cell. */
export const CELLS_OF_LAYOUT: Readonly<Record<LayoutName, number>> = { '1x1': 1, '1x2': 2, '2x2': 4, mpr: 1, volume: 1 };

export type AnnotationKind = 'length' | 'angle' | 'ellipse' | 'rectangle' | 'arrow' | 'cobb' | 'probe' | 'cardiothoracic';
/** What the main button does on the picture. */
export type ToolName = 'window' | 'pan' | 'zoom' | 'scroll' | 'magnify' | AnnotationKind;

/** Patient coordinates (LPS), mm. */
export type PatientPoint = readonly [x: number, y: number, z: number];
/** Column and row from the top left corner of the frame (0, 0); the center of the first pixel is (0.5, 0.5), as in SCOORD of PS3.3 C.18.6.1.2. */
export type PixelPoint = readonly [column: number, row: number];

/**
 * One figure of an annotation. `unit` is UCUM where UCUM has it (`mm`, `mm2`, `deg`, `[hnsf'U]`, `1` for a ratio), `{pixels}` or
 * `{pixels}2` where the frame has no spacing; empty for values of which the data set names no unit.
 */
export type Reading = {
  name: 'length' | 'angle' | 'area' | 'mean' | 'standard_deviation' | 'minimum' | 'maximum' | 'value' | 'ratio';
  value: number;
  unit: string;
};

/**
 * Something that a person has drawn, as plain data. Points by kind, in order: `length` two ends; `angle` end, vertex, end; `cobb` ends of
 * the first line, then of the second; `rectangle` four corners (top left, top right, bottom left, bottom right); `ellipse` ends of the
 * vertical axis (bottom, top), then of the horizontal one (left, right); `arrow` the tip, then the tail; `probe` one point;
 * `cardiothoracic` ends of the heart's width, then of the chest's.
 */
export type Annotation = {
  /** Made here; one that is put in keeps its own. */
  id: string;
  kind: AnnotationKind;
  /** Of what was drawn in space, the picture that lies nearest to it. */
  on: FrameReference;
  /** Drawn on a plane through a volume: it is where its `patientPoints` are, and has no `pixelPoints`. */
  isInSpace?: true;
  /** Absent if the frame has no place in the patient (a radiograph, a photograph). */
  patientPoints?: readonly PatientPoint[];
  pixelPoints: readonly PixelPoint[];
  frameOfReferenceUid?: string;
  /** What the reader wrote to it. */
  label: string;
  /** Computed from the points and the pixels; empty until the pixels are there. */
  readings: readonly Reading[];
  /** Cannot be moved. */
  isLocked: boolean;
};
/** To be put in: without `readings` they are computed anew from the pixels; what was drawn in space brings points and figures with it. */
export type AnnotationInput = Omit<Annotation, 'readings' | 'isLocked'> & { isLocked?: boolean; readings?: readonly Reading[] };

/** What a cell shows: which series, and which of its frames (from 0, in scrolling order). */
export type CellState = { series: SeriesReference | null; index: number };

export type ViewerEvent =
  /** By the reader, when the pointer is let go; not for what is put in by `putAnnotations`. */
  | { type: 'annotation_added' | 'annotation_changed' | 'annotation_removed'; annotation: Annotation }
  | { type: 'annotation_selected'; id: string | null }
  | { type: 'frame_shown'; cell: number; frame: FrameReference }
  | { type: 'layout_changed'; layout: LayoutName };

/** What other parts of the reading view may do with the viewer. `Viewer` hands it to `onSurface` once it is there, and null when it goes. */
export type ViewerSurface = {
  layout(): LayoutName;
  setLayout(layout: LayoutName): void;
  cells(): readonly CellState[];
  /** Shows a series in a cell (from 0, row by row), which a layout with enough cells must have; without `index`, its middle. */
  showSeries(cell: number, series: SeriesReference, index?: number): void;
  /** For what a cell shows, or will show once `showSeries` has been done; in modality units, null as each frame asks for it. */
  setWindow(cell: number, window: { center: number; width: number } | null): void;
  /** Goes to a frame, in the cell that shows its series, else in the active one. */
  goTo(frame: FrameReference): void;
  /** Whether cells scroll together: by place in the patient in one frame of reference, else by steps from where they stood when it was switched on. */
  setLinked(linked: boolean): void;
  setTool(tool: ToolName): void;
  /** Of every series that is loaded. */
  annotations(): readonly Annotation[];
  /** Adds, or replaces those of the same id; frames that the viewer does not know are left out. */
  putAnnotations(annotations: readonly AnnotationInput[]): void;
  removeAnnotation(id: string): void;
  /** Goes to it and marks it. */
  selectAnnotation(id: string | null): void;
  /** Gives back what ends it. */
  subscribe(listener: (event: ViewerEvent) => void): () => void;
};
