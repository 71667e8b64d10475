import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const fr: Worded<typeof en> = {
  title: 'Résultats critiques',
  lead: 'Ce que les soignants doivent savoir immédiatement. Le plus urgent est en haut.',
  state: 'État',
  due: 'Échéance',
  result: 'Résultat',
  study: 'Examen',
  markedBy: 'Signalé par',
  views: {
    waiting: 'En attente',
    overdue: 'En retard',
    open: 'À communiquer',
    told: 'Communiqué, non confirmé',
    acknowledged: 'Confirmé',
    withdrawn: 'Retiré',
  },
  none: {
    waiting: 'Rien n’est en attente',
    overdue: 'Rien n’est en retard',
    open: 'Rien à communiquer',
    told: 'Aucune confirmation attendue',
    acknowledged: 'Rien n’est encore confirmé',
    withdrawn: 'Rien n’a été retiré',
  },
  noneDetail: 'Un résultat est signalé comme critique dans le compte rendu de son examen.',
  late: (count) => `${count} en retard`,
};
