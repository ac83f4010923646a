import { writeJson } from '../../core/primitives/text/write-json.ts';
import type { AlertData } from '../../core/model/alert/alert.ts';
import type { PublishOnce } from '../../nats/connection/publish-once.ts';
import { DELIVERED, type Sink } from './sink.ts';

/** Placeholders in a subject template, such as `pages.{{clientId}}.{{severity}}`. */
export const SUBJECT_PLACEHOLDERS = ['clientId', 'ruleId', 'severity', 'status'] as const satisfies (keyof AlertData)[];

export interface NatsSinkOptions {
  /** Part of the message id, so that two receivers with the same subject each get a message. */
  receiver: string;
  /** A subject or a subject template. */
  subject: string;
  publish: PublishOnce;
}

/** Publishes the CloudEvent to a NATS subject. */
export function natsSink({ receiver, subject, publish }: NatsSinkOptions): Sink {
  return {
    async deliver(alert) {
      try {
        await publish(fillSubject(subject, alert.data), writeJson(alert), `${alert.id}>${receiver}`);
        return DELIVERED;
      } catch (error) {
        return { ok: false, retry: true, reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

/** Fills the placeholders. Each value becomes one token: replaces characters outside `[\w-]` with `_`. */
export function fillSubject(template: string, data: AlertData): string {
  return SUBJECT_PLACEHOLDERS.reduce(
    (subject, name) => subject.replaceAll(`{{${name}}}`, data[name].replaceAll(/[^\w-]/g, '_') || '_'),
    template,
  );
}
