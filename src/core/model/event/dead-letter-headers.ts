/** The headers of a dead letter, whose payload is the bytes of the event. */
export const DEAD_LETTER_HEADERS = {
  reason: 'Vigil-Reason',
  detail: 'Vigil-Detail',
  subject: 'Vigil-Subject',
  sequence: 'Vigil-Sequence',
  time: 'Vigil-Time',
  /**
   * Original size in bytes; set only if the payload was truncated to fit. The event stream has the full event under the
   * sequence.
   */
  cutFrom: 'Vigil-Cut-From',
} as const;
