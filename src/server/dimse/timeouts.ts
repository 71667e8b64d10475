/** How long an association waits, in milliseconds. */
export type Timeouts = {
  /** ARTIM (PS3.8 9.1.5): for the association request to arrive, and for the peer to close. */
  artimMs: number;
  /** For a PDU that has begun to arrive whole, for the rest of a message, and for bytes that we send to be taken. */
  stallMs: number;
  /** Between messages. */
  idleMs: number;
  /** For the peer's response to a request of ours. */
  responseMs: number;
};

export const TIMEOUTS: Timeouts = { artimMs: 30_000, stallMs: 60_000, idleMs: 300_000, responseMs: 120_000 };
