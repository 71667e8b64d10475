import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const de: Worded<typeof en> = {
  title: 'Bausteine',
  lead: 'Jeder Baustein der Oberfläche, in jedem Design und in beiden Leserichtungen. Für alle, die sie bauen und prüfen.',
  open: 'Öffnen',
  saved: 'Die Ansicht wurde gespeichert',
  removed: 'Die Regel wurde entfernt',
  danger: 'Alles unter diesem Namen wird für alle gelöscht, und nichts holt es zurück.',
  refused: 'Anfrage abgelehnt',
  refusedDetail: 'Der Name ist vergeben. Wählen Sie einen anderen.',
};
