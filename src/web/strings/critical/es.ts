import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const es: Worded<typeof en> = {
  title: 'Resultados críticos',
  lead: 'Lo que quienes tratan al paciente deben saber de inmediato. Arriba, lo que vence primero.',
  state: 'Estado',
  due: 'Vence',
  result: 'Resultado',
  study: 'Estudio',
  markedBy: 'Marcado por',
  views: {
    waiting: 'Pendientes',
    overdue: 'Vencidos',
    open: 'Por comunicar',
    told: 'Comunicado, sin confirmar',
    acknowledged: 'Confirmado',
    withdrawn: 'Retirado',
  },
  none: {
    waiting: 'No hay nada pendiente',
    overdue: 'No hay nada vencido',
    open: 'No hay nada por comunicar',
    told: 'No falta ninguna confirmación',
    acknowledged: 'Aún no hay nada confirmado',
    withdrawn: 'No se ha retirado nada',
  },
  noneDetail: 'Un resultado se marca como crítico en el informe de su estudio.',
  late: (count) => (count === 1 ? '1 vencido' : `${count} vencidos`),
};
