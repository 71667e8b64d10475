import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const es: Worded<typeof en> = {
  title: 'Administración',
  places: {
    people: 'Personas',
    users: 'Usuarios',
    emergency: 'Accesos de emergencia',
    tenants: 'Organizaciones',
    keys: 'Claves de API',
    shares: 'Enlaces compartidos',
    providers: 'Proveedores de identidad',
    policies: 'Políticas',
    targets: 'Plazos de informe',
    records: 'Datos',
    audit: 'Registro de auditoría',
    privacy: 'Protección de datos',
    recycle: 'Papelera',
    installation: 'Instalación',
    encryption: 'Cifrado',
    settings: 'Configuración',
    licenses: 'Licencias',
    about: 'Acerca de',
  },
};
