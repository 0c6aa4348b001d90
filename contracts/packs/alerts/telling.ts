/** Whom alerts are told, and who is told next where nobody answers: what the two variables of it hold. */
import { z } from 'zod';

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'must be a name of letters, digits and . _ - such as noc');

export const AlertReceiver = z.strictObject({
  name,
  /** Mail addresses and #channels. None: whoever holds alerts:read, on the channels that each chose. */
  to: z.array(z.string().min(1).max(320)).max(50).default([]),
  /** Whether it is told of the end too. */
  send_resolved: z.boolean().default(true),
  /** Escalation policy of alerts that reach it. */
  escalation: name.optional(),
});
export type AlertReceiver = z.output<typeof AlertReceiver>;

export const EscalationPolicy = z.strictObject({
  name,
  /** The first at once, each next one `delay_min` minutes after the one before it. */
  steps: z
    .array(
      z.strictObject({
        delay_min: z.int().min(1).max(1440),
        /** Names of receivers. */
        targets: z.array(name).min(1).max(10),
      }),
    )
    .min(1)
    .max(10),
  /** How often all steps come again, after the delay of the last one. */
  repeat: z.int().min(0).max(9).default(0),
});
export type EscalationPolicy = z.output<typeof EscalationPolicy>;

const unique = (names: readonly { readonly name: string }[]): boolean =>
  new Set(names.map((one) => one.name)).size === names.length;
const twice = 'must not have two of one name';

export const AlertReceivers = z.array(AlertReceiver).max(100).refine(unique, twice);
export const EscalationPolicies = z.array(EscalationPolicy).max(50).refine(unique, twice);
