import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const de: Worded<typeof en> = {
  settings: {
    lead: 'Optionen dieser Installation, wie sie gelten. Sie werden über Umgebungsvariablen oder die Optionsdatei gesetzt; ein Neustart übernimmt sie.',
    search: 'Optionen suchen',
    changed: 'Nur Gesetztes',
    name: 'Option',
    value: 'Wert',
    source: 'Gesetzt durch',
    sources: {
      default: 'Vorgabe',
      environment: 'Umgebung',
      file: 'Datei',
    },
    empty: 'Leer',
    secretSet: 'Gesetzt, nicht gezeigt',
    secretUnset: 'Nicht gesetzt',
    none: 'Keine Option passt dazu',
    noneDetail: 'Ändern Sie die Suche.',
  },
  licenses: {
    lead: 'Woraus Isocenter besteht und unter welchen Lizenzen.',
    tabs: {
      packages: 'Pakete',
      models: 'Modelle',
      notice: 'Hinweise',
    },
    search: 'Pakete suchen',
    name: 'Paket',
    version: 'Version',
    license: 'Lizenz',
    where: 'Teil von',
    parts: {
      web: 'Web-App',
      server: 'Server',
      both: 'Beide',
    },
    noText: 'Das Paket bringt keinen Lizenztext mit: der Name steht für den Standardtext.',
    model: 'Modell',
    attribution: 'Nennung',
    none: 'Nichts passt dazu',
    noneDetail: 'Ändern Sie die Suche.',
  },
  about: {
    version: 'Version',
    mode: 'Betrieb',
    embedded: 'In einem Prozess mit SQLite',
    scaled: 'In vielen Prozessen mit PostgreSQL',
    license: 'Lizenz',
    licenseText: 'Apache-Lizenz 2.0; Modellgewichte und Tabellen wie unter Lizenzen aufgeführt',
    use: 'Zweckbestimmung',
    api: 'Schnittstelle für Programme',
    apiDocs: 'API-Referenz',
  },
};
