import type { en } from './en.ts';

export const es: typeof en = {
  findings: {
    pneumonia: 'Neumonía',
    normal: 'Normal',
    bacterial_pneumonia: 'Neumonía bacteriana',
    viral_pneumonia: 'Neumonía vírica',
    'lung-nodule': 'Posible nódulo pulmonar',
    emphysema: 'Enfisema',
  },
  relevance: {
    cancer:
      'Una neoplasia conocida cambia lo que significa una lesión nueva: piense en metástasis; las guías sobre hallazgos incidentales no se aplican.',
    immunosuppression:
      'Con inmunosupresión son posibles las infecciones oportunistas, y las guías sobre nódulos incidentales no se aplican.',
    'lung-disease': 'Una enfermedad pulmonar conocida deja cambios propios y explica parte de lo que se ve.',
    'heart-on-chest': 'Una cardiopatía explica la congestión, los derrames y un corazón grande.',
    smoking: 'Fumar aumenta el riesgo de cáncer de pulmón, del que depende el seguimiento de los nódulos.',
    'pulmonary-toxic-drug': 'El fármaco puede dañar el pulmón (advertencias de su ficha técnica).',
    embolism: 'Una tromboembolia previa y los estrógenos aumentan la probabilidad de embolia; un anticoagulante la modifica.',
    liver: 'Con cirrosis o hepatitis B crónica, una lesión hepática se clasifica como de riesgo de carcinoma hepatocelular (LI-RADS).',
    'abdominal-disease': 'La enfermedad está en la región que se explora y recidiva.',
    aneurysm: 'Un aneurisma conocido se mide de nuevo y se compara.',
    'brain-disease': 'Deja cambios en el cerebro o los senos paranasales, o hace más probables algunos de ellos.',
    'bleeding-risk': 'El fármaco, o el estado de la coagulación, hace más probable una hemorragia.',
    'anticoagulant-head': 'Un anticoagulante hace más probable una hemorragia intracraneal.',
    bone: 'Debilita o cambia el hueso o la articulación que se explora, o es una lesión anterior.',
    thyroid: 'La TSH decide si un nódulo se estudia con gammagrafía antes de la punción.',
    breast: 'Las lesiones conocidas se comparan; las hormonas cambian la densidad de la mama.',
    'contrast-kidney': 'La función renal decide las precauciones con un medio de contraste yodado.',
    'contrast-kidney-gadolinium': 'La función renal decide el agente de gadolinio.',
    'contrast-metformin': 'La metformina se suspende alrededor de un contraste yodado si la función renal es baja.',
    'contrast-allergy': 'Una reacción previa a un medio de contraste: pregunte a cuál y su gravedad.',
    'contrast-thyroid': 'El yodo puede desencadenar una tirotoxicosis: el hipertiroidismo manifiesto es una contraindicación.',
    'mr-implant': 'Un implante activo o magnético debe autorizarse antes de entrar en el equipo.',
    pregnancy: 'La radiación, los radiofármacos y el gadolinio se evitan o se sopesan en el embarazo.',
  },
};
