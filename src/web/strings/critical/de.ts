import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const de: Worded<typeof en> = {
  title: 'Kritische Befunde',
  lead: 'Was Behandelnde sofort wissen müssen. Was zuerst fällig ist, steht oben.',
  state: 'Stand',
  due: 'Fällig',
  result: 'Befund',
  study: 'Studie',
  markedBy: 'Markiert von',
  views: {
    waiting: 'Offen',
    overdue: 'Überfällig',
    open: 'Mitzuteilen',
    told: 'Mitgeteilt, nicht bestätigt',
    acknowledged: 'Bestätigt',
    withdrawn: 'Zurückgezogen',
  },
  none: {
    waiting: 'Nichts ist offen',
    overdue: 'Nichts ist überfällig',
    open: 'Niemandem ist etwas mitzuteilen',
    told: 'Keine Bestätigung steht aus',
    acknowledged: 'Noch nichts bestätigt',
    withdrawn: 'Nichts zurückgezogen',
  },
  noneDetail: 'Als kritisch wird ein Befund im Bericht seiner Studie markiert.',
  late: (count) => `${count} überfällig`,
};
