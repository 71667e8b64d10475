import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const fr: Worded<typeof en> = {
  title: 'Composants',
  lead: 'Chaque élément des écrans, dans chaque thème et dans les deux sens de lecture. Pour celles et ceux qui les construisent et les vérifient.',
  open: 'Ouvrir',
  saved: 'La vue a été enregistrée',
  removed: 'La règle a été supprimée',
  danger: 'Tout ce qui porte ce nom est supprimé, pour tout le monde, sans retour possible.',
  refused: 'Requête refusée',
  refusedDetail: 'Ce nom est déjà pris. Choisissez-en un autre.',
};
