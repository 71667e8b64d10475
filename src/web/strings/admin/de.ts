import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const de: Worded<typeof en> = {
  title: 'Verwaltung',
  places: {
    people: 'Personen',
    users: 'Benutzer',
    emergency: 'Notfallzugriffe',
    tenants: 'Mandanten',
    keys: 'API-Schlüssel',
    shares: 'Freigabelinks',
    providers: 'Anmeldedienste',
    policies: 'Richtlinien',
    targets: 'Befundungsziele',
    records: 'Daten',
    audit: 'Audit-Protokoll',
    privacy: 'Datenschutz',
    recycle: 'Papierkorb',
    installation: 'Installation',
    encryption: 'Verschlüsselung',
    settings: 'Einstellungen',
    licenses: 'Lizenzen',
    about: 'Über Isocenter',
  },
};
