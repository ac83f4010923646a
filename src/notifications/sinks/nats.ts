import type { AlertData } from '../../core/model/alert.ts';
import type { PublishOnce } from '../../nats/connection/publish-once.ts';
import { DELIVERED, type Sink } from './sink.ts';

/** What a subject template may hold: `pages.{{clientId}}.{{severity}}`. */
export const SUBJECT_PLACEHOLDERS = ['clientId', 'ruleId', 'severity', 'status'] as const satisfies (keyof AlertData)[];

export interface NatsSinkOptions {
  /** Part of the message's id, so that two receivers on one subject both have their message. */
  receiver: string;
  /** A subject, or a template of one. */
  subject: string;
  publish: PublishOnce;
}

/** Publishes the CloudEvent on a NATS subject. */
export function natsSink({ receiver, subject, publish }: NatsSinkOptions): Sink {
  return {
    async deliver(alert) {
      try {
        await publish(fillSubject(subject, alert.data), JSON.stringify(alert), `${alert.id}>${receiver}`);
        return DELIVERED;
      } catch (error) {
        return { ok: false, retry: true, reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

/** A value becomes one token of the subject: what could end a token, or be a wildcard, is replaced. */
export function fillSubject(template: string, data: AlertData): string {
  return SUBJECT_PLACEHOLDERS.reduce(
    (subject, name) => subject.replaceAll(`{{${name}}}`, data[name].replaceAll(/[^\w-]/g, '_') || '_'),
    template,
  );
}
