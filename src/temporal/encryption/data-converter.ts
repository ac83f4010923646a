import { fileURLToPath } from 'node:url';
import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { ownerOfWorkflow } from '../../core/model/ids.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import type { PayloadCipher } from './payload-cipher.ts';

/** Keeps the messages and stack traces of failures in payloads, which the codec encrypts. Also bundled with the workflows. */
export const FAILURES_PATH = fileURLToPath(new URL('../../../workflows/sandbox/encoded-failures.cjs', import.meta.url));

/** How payloads and failures are stored in Temporal: encrypted with the key of the workflow's client, if there are keys. */
export const dataConverterOf = (cipher: PayloadCipher): DataConverter => ({
  payloadCodecs: [payloadCodec(cipher)],
  ...(cipher.isOn && { failureConverterPath: FAILURES_PATH }),
});

type Context = Parameters<PayloadCodec['encode']>[1];

export function payloadCodec(cipher: PayloadCipher): PayloadCodec {
  return {
    encode: async (payloads, context) => payloads.map((payload) => cipher.seal(payload, clientOf(context))),
    async decode(payloads, context) {
      return payloads.map((payload) => {
        const [owner, clientId] = [cipher.ownerOf(payload) ?? null, clientOf(context)];
        if (owner !== null && clientId !== null && owner !== clientId) throw ofAnother(owner, clientId);
        return cipher.open(payload);
      });
    },
  };
}

/** The client of the workflow. The SDK names none when it reports that it could not start a task. */
const clientOf = (context: Context): string | null => ownerOfWorkflow(context?.workflowId).clientId ?? null;

const ofAnother = (owner: string, clientId: string): VigilError =>
  new VigilError('PAYLOAD_UNREADABLE', `It is of client ${owner}, and was stored in a workflow of ${clientId}.`, {
    owner,
    clientId,
  });
