import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const es: Worded<typeof en> = {
  settings: {
    lead: 'Opciones de esta instalación tal como rigen. Se fijan con variables de entorno o el fichero de opciones; un reinicio las aplica.',
    search: 'Buscar opciones',
    changed: 'Solo lo definido',
    name: 'Opción',
    value: 'Valor',
    source: 'Definido por',
    sources: {
      default: 'Valor por defecto',
      environment: 'Entorno',
      file: 'Fichero',
    },
    empty: 'Vacío',
    secretSet: 'Definido, no se muestra',
    secretUnset: 'Sin definir',
    none: 'Ninguna opción coincide',
    noneDetail: 'Cambie la búsqueda.',
  },
  licenses: {
    lead: 'De qué está hecho Isocenter y con qué licencias.',
    tabs: {
      packages: 'Paquetes',
      models: 'Modelos',
      notice: 'Avisos',
    },
    search: 'Buscar paquetes',
    name: 'Paquete',
    version: 'Versión',
    license: 'Licencia',
    where: 'Parte de',
    parts: {
      web: 'Aplicación web',
      server: 'Servidor',
      both: 'Ambos',
    },
    noText: 'El paquete no trae el texto de su licencia: su nombre remite al texto estándar.',
    model: 'Modelo',
    attribution: 'Atribución',
    none: 'Nada coincide',
    noneDetail: 'Cambie la búsqueda.',
  },
  about: {
    version: 'Versión',
    mode: 'Funcionamiento',
    embedded: 'En un proceso con SQLite',
    scaled: 'En varios procesos sobre PostgreSQL',
    license: 'Licencia',
    licenseText: 'Licencia Apache 2.0; pesos de modelos y tablas según la página Licencias',
    use: 'Uso previsto',
    api: 'Interfaz para programas',
    apiDocs: 'Referencia de la API',
  },
};
