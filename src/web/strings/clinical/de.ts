import type { en } from './en.ts';

export const de: typeof en = {
  findings: {
    pneumonia: 'Pneumonie',
    normal: 'Unauffällig',
    bacterial_pneumonia: 'Bakterielle Pneumonie',
    viral_pneumonia: 'Virale Pneumonie',
    'lung-nodule': 'Möglicher Lungenrundherd',
    emphysema: 'Emphysem',
  },
  relevance: {
    cancer:
      'Eine bekannte maligne Erkrankung ändert, was eine neue Läsion bedeutet: An Metastasen denken; Leitlinien für Zufallsbefunde gelten dann nicht.',
    immunosuppression:
      'Unter Immunsuppression kommen opportunistische Infektionen in Frage; Leitlinien für zufällig entdeckte Rundherde gelten dann nicht.',
    'lung-disease': 'Eine bekannte Lungenerkrankung hinterlässt eigene Veränderungen und erklärt einen Teil des Bildes.',
    'heart-on-chest': 'Eine Herzerkrankung erklärt Stauung, Ergüsse und ein großes Herz.',
    smoking: 'Rauchen erhöht das Lungenkrebsrisiko, nach dem sich die Kontrolle von Rundherden richtet.',
    'pulmonary-toxic-drug': 'Das Medikament kann die Lunge schädigen (Warnhinweise der Fachinformation).',
    embolism: 'Frühere Thromboembolien und Östrogene erhöhen die Wahrscheinlichkeit einer Embolie; ein Antikoagulans verändert sie.',
    liver:
      'Bei Zirrhose oder chronischer Hepatitis B wird eine Leberläsion als eine mit Risiko für ein hepatozelluläres Karzinom eingestuft (LI-RADS).',
    'abdominal-disease': 'Die Erkrankung liegt in der untersuchten Region und kehrt wieder.',
    aneurysm: 'Ein bekanntes Aneurysma wird erneut gemessen und verglichen.',
    'brain-disease': 'Sie hinterlässt Veränderungen im Gehirn oder in den Nebenhöhlen oder macht manche davon wahrscheinlicher.',
    'bleeding-risk': 'Das Medikament oder die Gerinnungslage macht eine Blutung wahrscheinlicher.',
    'anticoagulant-head': 'Ein Antikoagulans macht eine intrakranielle Blutung wahrscheinlicher.',
    bone: 'Sie schwächt oder verändert den untersuchten Knochen oder das Gelenk oder ist eine frühere Verletzung.',
    thyroid: 'Das TSH entscheidet, ob ein Knoten vor der Punktion szintigrafiert wird.',
    breast: 'Bekannte Läsionen werden verglichen; Hormone verändern die Brustdichte.',
    'contrast-kidney': 'Die Nierenfunktion entscheidet über Vorsichtsmaßnahmen bei einem jodhaltigen Kontrastmittel.',
    'contrast-kidney-gadolinium': 'Die Nierenfunktion entscheidet über das Gadoliniumpräparat.',
    'contrast-metformin': 'Metformin wird bei niedriger Nierenfunktion rund um ein jodhaltiges Kontrastmittel pausiert.',
    'contrast-allergy': 'Eine frühere Reaktion auf ein Kontrastmittel: nach Präparat und Schweregrad fragen.',
    'contrast-thyroid': 'Jod kann eine Thyreotoxikose auslösen: Eine manifeste Hyperthyreose ist eine Kontraindikation.',
    'mr-implant': 'Ein aktives oder magnetisches Implantat muss freigegeben sein, bevor die Person in den Scanner kommt.',
    pregnancy: 'Strahlung, Radiopharmaka und Gadolinium werden in der Schwangerschaft vermieden oder abgewogen.',
  },
};
