/** Under which an application subscribes to every workitem (PS3.4 CC.2.3.1). */
export const GLOBAL_WORKLIST = '1.2.840.10008.5.1.4.34.5';
/** The same for those that match a filter. */
export const FILTERED_WORKLIST = '1.2.840.10008.5.1.4.34.5.1';
export const WORKLISTS: ReadonlySet<string> = new Set([GLOBAL_WORKLIST, FILTERED_WORKLIST]);
