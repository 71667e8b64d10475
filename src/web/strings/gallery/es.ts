import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const es: Worded<typeof en> = {
  title: 'Componentes',
  lead: 'Cada pieza de las pantallas, en cada tema y en ambos sentidos de lectura. Para quienes las construyen y las revisan.',
  open: 'Abrir',
  saved: 'La vista se ha guardado',
  removed: 'La regla se ha eliminado',
  danger: 'Todo lo que lleva este nombre se borra para todos, y nada lo recupera.',
  refused: 'Petición rechazada',
  refusedDetail: 'El nombre ya está en uso. Elija otro.',
};
