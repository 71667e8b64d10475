import { Type } from 'typebox';

/** The options of DICOM associations. */
export const DICOM_OPTIONS = {
  ISOCENTER_DICOM_PORT: Type.Integer({
    default: 11_112,
    minimum: 0,
    maximum: 65_535,
    description: 'Port for DIMSE associations; 0 takes a free one.',
  }),
  ISOCENTER_DICOM_PLAIN: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description: 'Whether associations without TLS are taken, on ISOCENTER_DICOM_PORT.',
  }),
  ISOCENTER_DICOM_TLS_PORT: Type.Integer({
    default: 2_762,
    minimum: 0,
    maximum: 65_535,
    description: 'Port for DIMSE associations over TLS 1.2 or 1.3, used if ISOCENTER_DICOM_TLS_CERT is set; 0 takes a free one.',
  }),
  ISOCENTER_DICOM_TLS_CERT: Type.String({
    default: '',
    description:
      'File of the certificate (PEM, with its chain) that peers see, when they associate and when we do. Read again when it changes and on SIGHUP.',
  }),
  ISOCENTER_DICOM_TLS_KEY: Type.String({ default: '', description: 'File of the private key (PEM) of that certificate.' }),
  ISOCENTER_DICOM_TLS_CA: Type.String({
    default: '',
    description:
      "File of the certificates (PEM) that vouch for peers, in both directions; empty takes the system's for peers that we call.",
  }),
  ISOCENTER_DICOM_TLS_CLIENTS: Type.Union([Type.Literal('verify'), Type.Literal('any')], {
    default: 'verify',
    description:
      'Whether peers that associate over TLS must show a certificate that ISOCENTER_DICOM_TLS_CA vouches for (`verify`), or may come without (`any`).',
  }),
  ISOCENTER_DICOM_MAX_ASSOCIATIONS: Type.Integer({
    default: 64,
    minimum: 1,
    maximum: 4_096,
    description: 'Associations at a time; more are told to come later (local limit exceeded).',
  }),
  ISOCENTER_DICOM_MAX_ASSOCIATIONS_PER_PEER: Type.Integer({
    default: 16,
    minimum: 1,
    maximum: 4_096,
    description: 'Associations at a time of one calling title.',
  }),
  ISOCENTER_DICOM_ARTIM_SECONDS: Type.Integer({
    default: 30,
    minimum: 1,
    maximum: 600,
    description: 'Seconds in which a connection must ask for its association, and a TLS handshake must end (PS3.8 9.1.5).',
  }),
  ISOCENTER_DICOM_IDLE_SECONDS: Type.Integer({
    default: 300,
    minimum: 1,
    maximum: 86_400,
    description: 'Seconds without a message after which an association is aborted.',
  }),
  ISOCENTER_AE_TITLE: Type.String({
    default: 'ISOCENTER',
    pattern: '^[!-\\[\\]-~]([ -\\[\\]-~]{0,14}[!-\\[\\]-~])?$',
    description: 'Application entity title that peers call us by; at most 16 characters.',
  }),
  ISOCENTER_DICOM_PRIVATE_CLASSES: Type.String({
    default: '',
    pattern: '^([0-9.]{1,64}( *, *[0-9.]{1,64})*)?$',
    description: "Comma-separated UIDs of private SOP classes that are stored besides the standard's.",
  }),
};
