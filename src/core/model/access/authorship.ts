import { z } from 'zod';

/** Through what people and programs change something. `vigil`: vigil itself, such as the rules of the first start. */
export const CHANNELS = ['api', 'cli', 'console', 'vigil'] as const;

/** Longest address, and longest chain of addresses that a proxy states, in characters. */
export const ADDRESS_LENGTH = 64;
export const FORWARDED_LENGTH = 256;

/** Who changes something, and from where. `by` is null if nobody said who. */
export const authorship = z.object({
  by: z.string().nullable(),
  from: z.object({
    channel: z.enum(CHANNELS),
    /** Name of the token, or of the user of the identity provider. */
    token: z.string().optional(),
    /** Of the sender, or of the proxy in front of vigil. */
    address: z.string().nullable(),
    /** What the proxy says about the sender. */
    forwardedFor: z.string().optional(),
  }),
});
export type Authorship = z.infer<typeof authorship>;

/** What a change of a rule was meant as. */
export const RULE_EDITS = ['put', 'enable', 'disable', 'pause', 'resume', 'rollBack', 'delete'] as const;

/** What is stored with each version of a rule. */
export const ruleEdit = z.object({
  ...authorship.shape,
  as: z.enum(RULE_EDITS),
  /** Of a rollback: the version that is stored again. */
  restored: z.int().optional(),
});
export type RuleEdit = z.infer<typeof ruleEdit>;

export const BY_VIGIL: Authorship = { by: null, from: { channel: 'vigil', address: null } };
