/** What a prior measured, under which name: what a measurement can be made the same lesion as. */
export type PriorLesion = { tracking_uid: string; label: string };
