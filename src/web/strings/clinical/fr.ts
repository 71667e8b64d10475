import type { en } from './en.ts';

export const fr: typeof en = {
  findings: {
    pneumonia: 'Pneumonie',
    normal: 'Normal',
    bacterial_pneumonia: 'Pneumonie bactérienne',
    viral_pneumonia: 'Pneumonie virale',
    'lung-nodule': 'Nodule pulmonaire possible',
    emphysema: 'Emphysème',
  },
  relevance: {
    cancer:
      'Un cancer connu change ce que signifie une nouvelle lésion : penser à une métastase ; les recommandations sur les découvertes fortuites ne s’appliquent pas.',
    immunosuppression:
      'Sous immunosuppression, une infection opportuniste est possible et les recommandations sur les nodules de découverte fortuite ne s’appliquent pas.',
    'lung-disease': 'Une maladie pulmonaire connue laisse ses propres lésions et explique une partie de l’image.',
    'heart-on-chest': 'Une cardiopathie explique une congestion, des épanchements et un gros cœur.',
    smoking: 'Le tabagisme augmente le risque de cancer du poumon, dont dépend la surveillance des nodules.',
    'pulmonary-toxic-drug': 'Le médicament peut léser le poumon (mises en garde de sa notice).',
    embolism: 'Un antécédent thromboembolique et les estrogènes augmentent la probabilité d’embolie ; un anticoagulant la modifie.',
    liver:
      'En cas de cirrhose ou d’hépatite B chronique, une lésion du foie est classée comme à risque de carcinome hépatocellulaire (LI-RADS).',
    'abdominal-disease': 'La maladie siège dans la région examinée et récidive.',
    aneurysm: 'Un anévrisme connu est mesuré à nouveau et comparé.',
    'brain-disease': 'Elle laisse des lésions du cerveau ou des sinus, ou en rend certaines plus probables.',
    'bleeding-risk': 'Le médicament, ou l’état de la coagulation, rend un saignement plus probable.',
    'anticoagulant-head': 'Un anticoagulant rend un saignement intracrânien plus probable.',
    bone: 'Elle fragilise ou modifie l’os ou l’articulation examinés, ou il s’agit d’une lésion ancienne.',
    thyroid: 'La TSH décide si un nodule est exploré par scintigraphie avant la ponction.',
    breast: 'Les lésions connues sont comparées ; les hormones modifient la densité du sein.',
    'contrast-kidney': 'La fonction rénale décide des précautions avec un produit de contraste iodé.',
    'contrast-kidney-gadolinium': 'La fonction rénale décide de l’agent au gadolinium.',
    'contrast-metformin': 'La metformine est suspendue autour d’un produit de contraste iodé si la fonction rénale est basse.',
    'contrast-allergy': 'Une réaction antérieure à un produit de contraste : demander lequel et sa gravité.',
    'contrast-thyroid': 'L’iode peut déclencher une thyrotoxicose : une hyperthyroïdie manifeste est une contre-indication.',
    'mr-implant': 'Un implant actif ou magnétique doit être validé avant l’entrée dans l’appareil.',
    pregnancy: 'Les rayonnements, les radiopharmaceutiques et le gadolinium sont évités ou pesés pendant la grossesse.',
  },
};
