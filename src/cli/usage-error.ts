/** The command line is not as it should be; shown with the usage. */
export class UsageError extends Error {}
