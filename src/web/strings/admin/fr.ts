import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const fr: Worded<typeof en> = {
  title: 'Administration',
  places: {
    people: 'Personnes',
    users: 'Utilisateurs',
    emergency: 'Accès d’urgence',
    tenants: 'Organisations',
    keys: 'Clés d’API',
    shares: 'Liens de partage',
    providers: 'Fournisseurs d’identité',
    policies: 'Règles',
    targets: 'Délais de compte rendu',
    records: 'Données',
    audit: 'Journal d’audit',
    privacy: 'Protection des données',
    recycle: 'Corbeille',
    installation: 'Installation',
    encryption: 'Chiffrement',
    settings: 'Paramètres',
    licenses: 'Licences',
    about: 'À propos',
  },
};
