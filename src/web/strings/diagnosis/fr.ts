import type { Worded } from '../shape.ts';
import { en } from './en.ts';

export const fr: Worded<typeof en> = en;
