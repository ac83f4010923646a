import { Ajv2020 } from 'ajv/dist/2020.js';
import { closed } from './answer-check.ts';

interface Document {
  channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>;
  components: { messages: Record<string, { payload?: { $ref: string }; headers?: { $ref: string } }> };
}

/** What a message has against the AsyncAPI document; empty if it has what the document describes, and nothing else. */
export type MessageCheck = (address: string, message: { payload: unknown; headers?: object }) => unknown[];

/** Finds the message by its address: a subject, a topic or a path. A channel has one kind of message. */
export function messageCheck(given: unknown): MessageCheck {
  const document = given as Document;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(closed(document) as object, 'vigil');
  const errorsOf = (ref: string | undefined, value: unknown): unknown[] => {
    if (ref === undefined) return [];
    const check = ajv.getSchema(`vigil${ref}`);
    return check?.(value) === true ? [] : (check?.errors ?? [`no schema ${ref}`]);
  };
  return (address, { payload, headers = {} }) => {
    const channel = Object.values(document.channels).find((each) => patternOf(each.address).test(address));
    const [name = ''] = Object.keys(channel?.messages ?? {});
    const message = document.components.messages[name];
    if (message === undefined) return [`no message at ${address}`];
    return [...errorsOf(message.payload?.$ref, payload), ...errorsOf(message.headers?.$ref, headers)];
  };
}

const patternOf = (address: string): RegExp =>
  new RegExp(
    `^${address
      .replaceAll('.', '[.]')
      .replaceAll('{type}', '.+')
      .replaceAll(/\{\w+\}/g, '[^./]+')}$`,
  );
