import type { Worded } from '../shape.ts';
import type { en } from './en.ts';

export const fr: Worded<typeof en> = {
  settings: {
    lead: 'Options de cette installation telles qu’elles s’appliquent. Elles se règlent par variables d’environnement ou fichier d’options ; un redémarrage les prend en compte.',
    search: 'Rechercher une option',
    changed: 'Seulement ce qui est défini',
    name: 'Option',
    value: 'Valeur',
    source: 'Défini par',
    sources: {
      default: 'Valeur par défaut',
      environment: 'Environnement',
      file: 'Fichier',
    },
    empty: 'Vide',
    secretSet: 'Défini, non affiché',
    secretUnset: 'Non défini',
    none: 'Aucune option ne correspond',
    noneDetail: 'Modifiez la recherche.',
  },
  licenses: {
    lead: 'Ce dont Isocenter est fait, et sous quelles licences.',
    tabs: {
      packages: 'Paquets',
      models: 'Modèles',
      notice: 'Mentions',
    },
    search: 'Rechercher un paquet',
    name: 'Paquet',
    version: 'Version',
    license: 'Licence',
    where: 'Partie de',
    parts: {
      web: 'Application web',
      server: 'Serveur',
      both: 'Les deux',
    },
    noText: 'Le paquet ne fournit pas le texte de sa licence : son nom renvoie au texte standard.',
    model: 'Modèle',
    attribution: 'Attribution',
    none: 'Aucun résultat',
    noneDetail: 'Modifiez la recherche.',
  },
  about: {
    version: 'Version',
    mode: 'Fonctionnement',
    embedded: 'En un processus avec SQLite',
    scaled: 'En plusieurs processus sur PostgreSQL',
    license: 'Licence',
    licenseText: 'Licence Apache 2.0 ; poids des modèles et tables selon la page Licences',
    use: 'Usage prévu',
    api: 'Interface pour programmes',
    apiDocs: 'Référence de l’API',
  },
};
