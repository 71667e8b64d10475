import { windowPresets } from '../../imaging/window.ts';

export type PresetName = 'default' | keyof typeof windowPresets;
/** Center and width in Hounsfield units; null takes what the object itself asks for. */
export type WindowPreset = { name: PresetName; window: { center: number; width: number } | null };

/** The usual CT windows, in the order of the keys 1 to 9. */
export const WINDOW_PRESETS: readonly WindowPreset[] = [
  { name: 'default', window: null },
  ...(['lung', 'mediastinum', 'bone', 'brain', 'subdural', 'liver', 'abdomen', 'angiography'] as const).map((name) => ({
    name,
    window: windowPresets[name],
  })),
];
