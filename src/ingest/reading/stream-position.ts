/** A place in the event stream: a message, and when it was stored (epoch ms). */
export interface StreamPosition {
  readonly sequence: number;
  readonly storedAtMs: number;
}

export const STREAM_START: StreamPosition = { sequence: 0, storedAtMs: 0 };

export const later = (a: StreamPosition, b: StreamPosition): StreamPosition => (b.sequence > a.sequence ? b : a);

export const earlier = (a: StreamPosition, b: StreamPosition): StreamPosition => (b.sequence < a.sequence ? b : a);
