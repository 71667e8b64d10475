export type PresetName = 'default' | 'lung' | 'mediastinum' | 'bone' | 'brain';
/** Center and width in Hounsfield units; null takes what the object itself asks for. */
export type WindowPreset = { name: PresetName; window: { center: number; width: number } | null };

/** The usual CT windows, in the order of the keys 1 to 5. */
export const WINDOW_PRESETS: readonly WindowPreset[] = [
  { name: 'default', window: null },
  { name: 'lung', window: { center: -600, width: 1500 } },
  { name: 'mediastinum', window: { center: 40, width: 400 } },
  { name: 'bone', window: { center: 400, width: 1800 } },
  { name: 'brain', window: { center: 40, width: 80 } },
];
