/** What the queue carries: why somebody is told, and to whom one message goes. No text of an operation, and no address. */
import { z } from 'zod';
import { isScope, type Scope } from '../../../contracts/scopes.ts';
import { operationNotices } from './transitions.ts';

const OfOperation = z.object({
  of: z.literal('operation'),
  notice: z.enum(operationNotices),
  operationId: z.string(),
  /** Of the operation, as the transition wrote it. */
  version: z.int(),
  /** When. With it a restored operation that moves again is told again. */
  at: z.iso.datetime(),
});

/** Of a request for access to accounts. */
const OfAccessRequest = z.object({
  of: z.literal('access-request'),
  notice: z.enum(['waiting', 'reminder', 'expiring', 'approved', 'rejected', 'expired']),
  requestId: z.string(),
  at: z.iso.datetime(),
});

/** Of access that somebody has or had. */
const OfAccess = z.object({
  of: z.literal('access'),
  notice: z.enum(['ending', 'ended', 'revoked']),
  userId: z.string(),
  /** When it ends or ended. All that one decision gave ends at one moment. */
  until: z.iso.datetime(),
  /** Of one that was taken away. */
  account: z.string().optional(),
  at: z.iso.datetime(),
});

export const Incident = z.object({
  of: z.literal('security'),
  code: z.string(),
  personId: z.string(),
  tool: z.string(),
  operationId: z.string().optional(),
  /** The upstream account that was named, where it was one. */
  accountId: z.string().optional(),
  /** Told in place of further accounts. */
  several: z.boolean().optional(),
  at: z.iso.datetime(),
});
export type Incident = z.infer<typeof Incident>;

const scope = z.custom<Scope>((name) => typeof name === 'string' && isScope(name));

export const PackMessage = z.object({
  of: z.literal('pack'),
  pack: z.string(),
  /** The pack's own: told once. */
  key: z.string(),
  headline: z.string(),
  about: z.string().optional(),
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
  link: z.object({ label: z.string(), path: z.string() }),
  urgent: z.boolean(),
  /** Told to its holders, and to nobody else. */
  scope,
  /** Told to this one of them only. */
  personId: z.string().optional(),
  security: z.boolean(),
  at: z.iso.datetime(),
});
export type PackMessage = z.infer<typeof PackMessage>;

/** Whom one message is for: a person, or those who read a shared channel. */
export const Recipient = z.union([z.object({ personId: z.string() }), z.object({ shared: z.string() })]);
export type Recipient = z.infer<typeof Recipient>;

const channel = z.enum(['mail', 'slack', 'teams', 'webhook']);

// A kind of its own: a task of an earlier version, which does not know `to`, would tell every holder of the scope.
const AddressedMessage = PackMessage.extend({
  of: z.literal('addressed'),
  to: z.object({ recipients: z.array(Recipient).min(1), by: z.array(channel).min(1) }),
});

const Summary = z.object({
  of: z.literal('summary'),
  every: z.enum(['hour', 'day']),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});

/** Why somebody is told. */
export const NoticeCause = z.discriminatedUnion('of', [
  OfOperation,
  OfAccessRequest,
  OfAccess,
  Incident,
  PackMessage,
  AddressedMessage,
  Summary,
]);
export type NoticeCause = z.infer<typeof NoticeCause>;

/** One message to one recipient. */
export const Delivery = z.object({
  cause: NoticeCause,
  channel,
  to: Recipient,
});
export type Delivery = z.infer<typeof Delivery>;

/** Is the cause for this recipient, as far as it names any? */
export const isAddressedTo = (cause: NoticeCause, to: Recipient): boolean =>
  cause.of !== 'addressed' || cause.to.recipients.some((one) => recipientName(one) === recipientName(to));

export const recipientName = (to: Recipient): string => ('personId' in to ? to.personId : `#${to.shared}`);
