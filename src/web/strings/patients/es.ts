import type { Worded } from '../shape.ts';
import { en } from './en.ts';

export const es: Worded<typeof en> = en;
