import {
  ExplicitVrBigEndian,
  ExplicitVrLittleEndian,
  ImplicitVrLittleEndian,
  isStorageSopClass,
  transferSyntaxes,
  transferSyntaxOf,
} from '../../dicom/uids.ts';

export const Verification = '1.2.840.10008.1.1';
/** PS3.4 annex J, and its one instance (J.3.5). */
export const StorageCommitmentPushModel = '1.2.840.10008.1.20.1';
export const StorageCommitmentPushModelInstance = '1.2.840.10008.1.20.1.1';
/** PS3.4 F.7. */
const ModalityPerformedProcedureStep = '1.2.840.10008.3.1.2.3.3';
/** PS3.4 F.8: what modalities said can be asked for. */
const ModalityPerformedProcedureStepRetrieve = '1.2.840.10008.3.1.2.3.4';
/** PS3.4 annex K. */
export const ModalityWorklistFind = '1.2.840.10008.5.1.4.31';
export const PatientRootFind = '1.2.840.10008.5.1.4.1.2.1.1';
export const StudyRootFind = '1.2.840.10008.5.1.4.1.2.2.1';
export const StudyRootMove = '1.2.840.10008.5.1.4.1.2.2.2';
export const StudyRootGet = '1.2.840.10008.5.1.4.1.2.2.3';

/** Query/retrieve SOP classes (PS3.4 C.6): the model decides which unique keys there are, the operation what is done. */
const QUERY_RETRIEVE: Readonly<Record<string, { root: 'patient' | 'study'; operation: 'find' | 'move' | 'get' }>> = {
  [PatientRootFind]: { root: 'patient', operation: 'find' },
  '1.2.840.10008.5.1.4.1.2.1.2': { root: 'patient', operation: 'move' },
  '1.2.840.10008.5.1.4.1.2.1.3': { root: 'patient', operation: 'get' },
  [StudyRootFind]: { root: 'study', operation: 'find' },
  [StudyRootMove]: { root: 'study', operation: 'move' },
  [StudyRootGet]: { root: 'study', operation: 'get' },
};

/** Data sets that we read as a whole come in one of these, the better first. */
const QUERY_SYNTAXES = [ExplicitVrLittleEndian, ImplicitVrLittleEndian];

type Plain = 'verification' | 'commitment' | 'performed-step' | 'performed-step-retrieve' | 'worklist';
const PLAIN: Readonly<Record<string, Plain>> = {
  [Verification]: 'verification',
  [StorageCommitmentPushModel]: 'commitment',
  [ModalityPerformedProcedureStep]: 'performed-step',
  [ModalityPerformedProcedureStepRetrieve]: 'performed-step-retrieve',
  [ModalityWorklistFind]: 'worklist',
};

export type Service = { kind: Plain | 'storage' } | { kind: 'find' | 'move' | 'get'; root: 'patient' | 'study' };

/**
 * What this node does for an abstract syntax; undefined for nothing.
 *
 * @param privateClasses SOP classes besides the standard's that are stored
 */
export function serviceOf(abstractSyntax: string, privateClasses: ReadonlySet<string>): Service | undefined {
  const plain = Object.hasOwn(PLAIN, abstractSyntax) ? PLAIN[abstractSyntax] : undefined;
  if (plain) return { kind: plain };
  const query = Object.hasOwn(QUERY_RETRIEVE, abstractSyntax) ? QUERY_RETRIEVE[abstractSyntax] : undefined;
  if (query) return { kind: query.operation, root: query.root };
  return isStorageSopClass(abstractSyntax) || privateClasses.has(abstractSyntax) ? { kind: 'storage' } : undefined;
}

/**
 * The transfer syntax to take of those that are proposed for one context; undefined if none will do. For storage what keeps most: the
 * proposer's first that is lossless and says its VRs; a syntax that may be lossy only if nothing else is offered, because an object
 * that is not so already would be compressed for us.
 */
export function chooseTransferSyntax(service: Service, proposed: readonly string[]): string | undefined {
  if (service.kind !== 'storage') return QUERY_SYNTAXES.find((uid) => proposed.includes(uid));
  const known = proposed.filter((uid) => Object.hasOwn(transferSyntaxes, uid));
  return known.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
}

function rankOf(uid: string): number {
  if (uid === ImplicitVrLittleEndian) return 1;
  if (uid === ExplicitVrBigEndian) return 2;
  return transferSyntaxOf(uid).lossy ? 3 : 0;
}
