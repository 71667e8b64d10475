import type { Worded } from '../shape.ts';
import { en } from './en.ts';

export const de: Worded<typeof en> = en;
