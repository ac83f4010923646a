/** A place in the event stream: a message, and when it was stored (epoch ms). */
export interface StreamMark {
  readonly sequence: number;
  readonly storedAtMs: number;
}

export const STREAM_START: StreamMark = { sequence: 0, storedAtMs: 0 };

export const later = (a: StreamMark, b: StreamMark): StreamMark => (b.sequence > a.sequence ? b : a);

export const earlier = (a: StreamMark, b: StreamMark): StreamMark => (b.sequence < a.sequence ? b : a);
