import { describe, expect, it } from 'vitest';
import type { VigilEvent } from '../../../../src/core/model/event/event.ts';
import { idReader } from '../../../../src/core/model/event/event-id.ts';

const event = (data: Record<string, unknown>, id?: string): VigilEvent => ({
  ...{ clientId: 'client-01', type: 'status', sequence: 1, timeMs: 0, storedAtMs: 0, data },
  ...(id !== undefined && { id }),
});

describe('the id of an event', () => {
  it.each<[what: string, property: string | undefined, event: VigilEvent, id: string | undefined]>([
    ['is missing', undefined, event({ messageId: '7' }), undefined],
    ['is that of its CloudEvent', undefined, event({}, '["/x","7"]'), '["/x","7"]'],
    ['is its property', 'messageId', event({ messageId: '7' }), '{"id":"7"}'],
    ['is its property before that of its CloudEvent', 'messageId', event({ messageId: '7' }, 'x'), '{"id":"7"}'],
    ['is that of its CloudEvent if the property is missing', 'messageId', event({}, 'x'), 'x'],
    ['is a nested property', 'meta.id', event({ meta: { id: 7 } }), '{"id":"7"}'],
    ['is a whole number with many digits', 'id', event({ id: 9007199254740993n }), '{"id":"9007199254740993"}'],
    ['is no empty text', 'id', event({ id: '' }), undefined],
    ['is no object', 'id', event({ id: {} }), undefined],
  ])('%s', (_, property, given, id) => expect(idReader(property)(given)).toBe(id));
});
