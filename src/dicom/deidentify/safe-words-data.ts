/**
 * Words that may stay in cleaned descriptions: they name anatomy, technique, pathology or the relation between such, never a person or
 * place. Folded (lower case, no accents). Written for this product from the common language of radiology and the anatomic regions,
 * views and sequence names that DICOM's context groups (PS3.16 CID 4, 4010, 4031) speak of.
 */
export const safeWordRows = `
abd abdomen abdominal abscess acetabulum achilles acromioclavicular acromion acute adenoma adenopathy adnexa adrenal adrenals air airway airways
alveolar amygdala anal aneurysm angio angiogram angiography angle ankle ankles antecubital anterior anteroposterior anus aorta aortic aortogram
apex apical appendicitis appendix arch arm arms arterial arteries artery arthritis arthrogram arthrography articular artifact ascending ascites
aspiration atelectasis atlas atrial atrium atrophy auditory axilla axillary axis back basal base bilateral bile biliary biopsy bladder bleed
bleeding blood body bone bones bony bowel brachial brachiocephalic brain brainstem breast breasts bronchial bronchus buttock caecum calcaneus
calcification calcifications calf canal cancer carcinoma cardiac carotid carotids carpal cartilage catheter cavity cecum celiac central cerebellar
cerebellum cerebral cervical cervix chamber chest chiasm cholangiogram cholecystitis choroid chronic circle cirrhosis clavicle coccyx colitis
collapse collateral colon colonography colonoscopy common compartment complete complication compression condyle congenital consolidation coracoid
cord cornea coronal coronary corpus cortex cortical costal cranial cranium cruciate cyst cystic cystogram defect deformity degenerative deltoid
dental descending diaphragm diaphragmatic diffuse digit disc disk discs dislocation dissection distal diverticulitis dorsal duct ductal duodenum
dysplasia ear ears edema effusion elbow elbows embolism emphysema empyema endometrium endoscopy enhancement enlarged epidural epigastric
epiphysis esophagus esophagram ethmoid external extremities extremity eye eyes face facet facial fascia fat fatty femoral femur fetal fetus fibrosis fibula
fibular finger fingers fissure fistula flank flow fluid fluids focal follow followup foot forearm forefoot foreign fossa fracture fractures fragment
frontal fundus gallbladder gallstone gallstones gas gastric gastritis gastrointestinal gland glands gland glenohumeral glenoid glioma gluteal goiter graft
granuloma great groin hallux hand hands head heart heel hemangioma hematoma hemorrhage hepatic hernia hiatal hilar hilum hindfoot hip hippocampus hips
humeral humerus hydrocephalus hydronephrosis hyperplasia hypophysis hypoplasia hysterosalpingogram ileum iliac iliacus iliofemoral ilium
impingement implant implants incomplete infarct infarction infection inferior infiltrate inflammation inguinal injury inlet insufficiency internal
interstitial intervertebral intestinal intestine intra intracranial intravenous iris ischemia ischemic ischium jaw jejunum joint joints
jugular kidney kidneys knee knees kyphosis labral labrum lacrimal laryngeal larynx lateral left leg legs lens lesion lesions ligament ligaments limb limbs
lip liver lobe lobes lobar long longitudinal lordosis lower lumbar lumbosacral lumen lung lungs lymph lymphadenopathy lymphatic lymphoma malleolus
malformation malignancy malignant mammary mammogram mammo mammography mandible mandibular mass masses mastoid mastoids maxilla maxillary maxillofacial medial
median mediastinal mediastinum melanoma meninges meningioma meningitis meniscal meniscus mesenteric mesentery metacarpal metastases metastasis
metastatic metatarsal mid middle midfoot mitral mouth multiple muscle muscles musculoskeletal myelogram myelography myocardial myocardium nasal nasopharynx nausea
neck necrosis neonatal neoplasm nerve nerves neural neuro nipple node nodes nodule nodules normal nose obstruction occipital occlusion odontoid
olecranon omentum open ophthalmic optic oral orbit orbital orbits oropharynx osseous osteoarthritis osteomyelitis osteopenia osteoporosis outlet ovarian
ovaries ovary pain palate palm pancreas pancreatic pancreatitis panoramic paranasal parathyroid parenchyma parenchymal parietal parotid partial patella
patellar patellofemoral pathology pelvic pelvis penile penis pericardial pericardium perineum peripheral peritoneal peritoneum petrous phalanges phalanx
pharynx pineal pituitary placenta plantar plaque pleura pleural plexus pneumonia pneumothorax polyp polyps popliteal portal posterior posteroanterior
primary process pronation prostate prostatic proximal psoas pubic pubis pulmonary pylorus pyelogram quadrant quadriceps radial radius rectal
rectum reflux region renal retina retinal retroperitoneal retroperitoneum rib ribs right root rotator rupture sacral sacroiliac sacrum sagittal salivary sarcoma
scaphoid scapula scapular sciatic scoliosis scrotal scrotum segment segmental sella seminal septal septum sesamoid shoulder shoulders shunt sigmoid sinus
sinuses sinusitis skeletal skeleton skin skull small soft sphenoid spinal spine spleen splenic splenomegaly spondylosis sprain stenosis stent
sternal sternoclavicular sternum stomach stone stones stroke styloid subclavian subcutaneous subdural submandibular subtalar superficial superior supraspinatus
suprapubic supraclavicular swelling symphysis syndrome synovial talus tarsal tear temporal temporomandibular tendon tendons testes testicle testicles testicular
testis thalamus thigh thighs thoracic thoracolumbar thorax throat thrombosis thrombus thumb thymus thyroid tibia tibial tissue tissues toe toes tongue tonsil
tonsils tooth total trachea tracheal transplant transverse trauma traumatic trigeminal trochanter trunk tube tumor tumors tumour turbinate ulcer ulna ulnar
umbilical umbilicus unilateral upper ureter ureteral ureters urethra urethral urinary urogram urography uterine uterus vagina vaginal valve valves variceal varices vascular
vein veins vena venogram venography venous ventral ventricle ventricles ventricular vertebra vertebrae vertebral vesicle vessel vessels vestibular
viscera visceral vitreous vocal volar vulva wall whole wrist wrists zygoma zygomatic
abnormal adc after algorithm all alternate and angled ap apparent arrhythmia as ascending asl asymmetry at attenuated attenuation auto average averaged ax axial b0
balanced barium before best between blade blood bold bolus both bottom bottom bright bravo breath breathhold bspline by calcium
calculated calibration cad captured caudal cc ce center ceph cine ciss cisternogram clinical cmr coil collimation color colour comb combined combo comparison compressed
cone constructive contiguous contour contrast contrasted control convolution cor coronal coronals corrected correction craniocaudal cross ct cta ctv cube curved cut
dark data decubitus delay delayed delta densitometry density derived detail detector dexa dicom diffusion digital direct direction display dixon doppler dose double down dsa
dti dual duplex dwi dynamic early ecg echo echocardiogram edge effective elevation endo enhanced epi equilibrium erect evaluation exam examination
excitation exhale expiration expiratory exposure ext extended extension eyes f4 fast fat fatsat field filter filtered filling final fine first fisp flair flash flat flex flexion
flexed fluoro fluoroscopy fluoroscopic fmri for fov fp frame free frequency from fs fse full functional fused fusion gated gating gd gel general gradient grade gray gre grid grow
guidance guided half haste hd hi high hires horizontal hr hrct image images imaging in inhale initial injection inspiration inspiratory interleaved
internal interval intervention into inversion invert ir isotropic iv ivp kernel kub kv kvp l lat late layer lao
large lateral lava left length level limited line linear lines lo localiser localizer loc loop lossless lossy low lpo lt ma magnitude map mapping maps mas mask max maximum
mean measurement medium min minimum mip mlo mm mobile mode monitoring motion mp mpr mprage mr mra mri mrcp mrs mrv multi multiphase multiplanar native
navigator nd neutral no non nonionic noncontrast normal not nuclear oblique obliques obstetric obstetrical odd of off on one only opposed or oral orientation original orthogonal out overlay overview
pa pair parallel parametric part partial pass pc pd pet perfusion peak per phase phantom phosphor pilot pixel pixels plain plan plane planar plus
polarity portable portrait position positive post precontrast postcontrast prep preliminary presat pre prior processed product profile projection prone proton propeller
protocol proton psir pulse pulsed qc quality quantitative quick r radial radiograph radiographs radiography radiology ramp rao rapid ratio raw readout real
rec recon reconstruct reconstructed reconstruction reference reformat reformatted reformats registration regular relative repeat resolution respiratory rest resting
result results reverse review rf roi rotate rotated rotation routine rpo rt run sag sagittal sagittals saline sar saturation save saved scan scano scanogram scout screen screening
secondary seg segmentation sense sequence series set setup sharp shim short side single slab slice slices slow smooth smart smoothed source space spair spatial spec special spectral spectroscopy speed
spect spgr spin spiral spir spoiled spot sshaem standard standing start state static std step stereo stereotactic stir stitch stitched stress structural study sub subtracted subtraction summary sum supine supplemental
surface survey suspected suv swi swallow swim swimmers symmetric symmetry t target tc technique terra test tfe the thermal thick thickness thin third three through tilt time timing tir tirm
to tof tomo tomogram tomography tomosynthesis top topogram total tra tracking tracker transit transaxial trans transabdominal transducer transrectal transvaginal transverse triple triggered true trufi
tse tumble turbo twist two type ultra ultrasound unenhanced unspecified unit up upright us use vector velocity venc vertical very vibe video view views virtual vista volume voi volumetric voxel w water weighted weighting
wi wide width window with without w o wo x xa xr xray y yoked z zone zoom zoomed
abdomenpelvis abdwall chestabdomen chestabdpelvis cspine ctspine tspine tlspine lspine lsspine sspine wholebody headneck neckchest neckchestabdomen
neckchestabdpelv headneckchest upperarm lowerarm lowerleg upperleg extremity breastimplant calcaneus cervix coccyx anklejoint sijoint tmjoint iac
scjoint acjoint skullbase sellaturcica orbits nasalbones facialbones zygoma ribs lumbosacral
original primary secondary derived axial localizer reformatted projection mpr other secondary monochrome rgb linear identity synthetic removed
ab abc aif bart blackblood cbf cbv cest cor csf css dce dess dsc edr ffe fiesta fgre fire fiber fibre gr grase gcc hasta hyper hypo idea iso ktrace lge memp merge mt mtt mtr nav npw pcasl pasl
psf qsm rcbf rcbv ssfp ssfse t1rho tdi tensor trace tracew tracking ttp tricks dyn dynaviews thrive vibrant mde mag ph
barium gadolinium gadavist gadobutrol gadoterate dotarem magnevist multihance omnipaque iohexol iodixanol iopamidol isovue visipaque ultravist iopromide optiray technetium fdg fluorodeoxyglucose gallium xenon thallium iodine
tesla sec secs second seconds minute minutes hour hours day days week weeks month months msec
agfa canon carestream fuji fujifilm fonar ge gems hitachi hologic kodak konica lorad medrad mindray minolta neusoft philips samsung shimadzu siemens toshiba varian elekta
syngo aera skyra avanto prisma verio symphony magnetom ingenia achieva intera signa optima discovery lightspeed somatom definition sensation emotion brilliance ingenuity aquilion mobilett ysio
age angiogram anomaly assessment baseline benign bx cause change changes check chf copd cough ddx detected diagnosis diagnostic disease disorder dvt dyspnea eval evidence exclude fever finding findings fx
hx history indication infiltrates known mets mild moderate new noted old ongoing op pneumo possible postop postoperative preop preoperative present presurgical previous probable progression question questionable recent recurrent
residual resection rule sob stable stage staging status suspected suspicion surgery surgical surveillance therapy treated treatment unchanged urgent vs worsening
arteria articulatio cavum collum columna coxae cranii dexter dextra femoris foramen genu hepar humeri intestinum lien manus mamma manubrium medulla nervus nucleus os ossa ovarium pancreatis pedis
pes pulmo pulmonis ramus ren sinister sinistra spina tarsi thoracis truncus vertebralis vesica
arteriell bauch becken brust brustkorb darm dunndarm dickdarm ellenbogen fuss gehirn gelenk gefasse halswirbelsaule hals hand handgelenk harnblase haut herz hirn hufte kiefer knie kontrastmittel kopf kreuzbein leber
lendenwirbelsaule links lunge lws magen milz mit nativ niere nieren oberarm oberbauch oberschenkel ohne rechts rontgen rucken schadel schulter seitlich sprunggelenk thoraxaufnahme unterarm unterbauch unterschenkel venos wirbelsaule
bws hws aufnahme untersuchung nach vor verlauf kontrolle
abdomen avec bassin bras cerveau cheville cote coude crane cuisse dos droit droite epaule estomac foie gauche genou hanche jambe main oeil oreille os pied poignet poumon poumons rachis rate rein reins sans sein seins tete thorax ventre vessie
abdomen brazo cabeza cadera cerebro codo columna con contraste corazon costilla craneo cuello derecha derecho espalda estomago higado hombro hueso izquierda izquierdo mama mano muneca muslo ojo pecho pelvis pie pierna pulmon rinon rodilla sin tobillo torax vejiga
buik hoofd hals rug schouder knie voet longen lever nier hersenen bekken borst heup enkel pols
`;
