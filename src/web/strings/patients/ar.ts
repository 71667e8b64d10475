import type { Worded } from '../shape.ts';
import { en } from './en.ts';

export const ar: Worded<typeof en> = en;
