/** One thing that happened: who, what, on which account, with what result. */
import { z } from 'zod';
import { FinancialImpact } from '../measures/financial.ts';

export const AuditEvent = z.object({
  /** Partition of the chain: the person it concerns, or `system`. */
  userId: z.string(),
  /** The id that the service gave the request, or the work that nobody asked for. */
  correlationId: z.string(),
  /** What the caller called the request. Anybody may call theirs the same. */
  callerRequestId: z.string().optional(),
  /** Tool name, or the part of the service: sign-in, token, approval-page. */
  tool: z.string(),
  action: z.enum([
    'read',
    'write',
    'delete',
    'plan',
    'approve',
    'deny',
    'confirm',
    'expire',
    'revert',
    'authorize',
    'dry-run',
  ]),
  result: z.enum(['started', 'success', 'partial', 'failure', 'blocked']),
  operationId: z.string().optional(),
  accountId: z.string().optional(),
  clientId: z.string().optional(),
  ipAddress: z.string().optional(),
  userAgent: z.string().optional(),
  /** upkeep: the service did it by itself, in nobody's request. */
  origin: z.enum(['upkeep']).optional(),
  durationMs: z.number().optional(),
  /** Arguments as validated. Never a token, a secret or a keyed URL. */
  parameters: z.json().optional(),
  /** Counts and scores, not whole results. */
  summary: z.json().optional(),
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
  /** The approval that a change was carried out under: the hash that was agreed to, or a request for access. */
  approvalId: z.string().optional(),
  /** The snapshot that a revert is planned from, by its operation. */
  snapshotId: z.string().optional(),
  /**
   * Of a message that its receiver took: the channel and who it was for, by person id and not by address. Steps are recorded before
   * anybody is told of them, so their own records have none.
   */
  notificationsSent: z.array(z.string()).optional(),
  /** What it means in money, as its pack works it out. */
  financialImpact: FinancialImpact.optional(),
  /** State before and after, for changes. */
  before: z.json().optional(),
  after: z.json().optional(),
  /** What the service assumed that the call did not say, and what else it could have meant. */
  beliefs: z
    .array(
      z.object({
        parameter: z.string(),
        assumed: z.json(),
        because: z.string(),
        alternatives: z.array(z.json()).optional(),
      }),
    )
    .optional(),
  /** What a call was believed to mean, and what became of it: see mcp/safety/belief-log.ts. */
  intent: z
    .object({
      /** Absent where nothing was asked. */
      intentId: z.string().optional(),
      /** The person's own words, where the agent handed them on. */
      originalRequest: z.string().nullable(),
      inferred: z.json(),
      assumptions: z.array(z.string()),
      alternatives: z.array(z.json()),
      /** asked: nobody has answered yet. auto: it ran without a question. */
      decision: z.enum(['asked', 'confirmed', 'rejected', 'expired', 'auto']),
      /** Why it was rejected: a kind of regret. */
      because: z.string().optional(),
      /** After the run: whether the outcome is what was told before. */
      outcomeMatched: z.boolean().optional(),
    })
    .optional(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/** An event as it was written: its place in its partition's chain. */
export const AuditRecord = AuditEvent.extend({
  timestamp: z.iso.datetime(),
  /** 1 for the first of its partition, then by one. */
  sequence: z.number().int(),
  /** The hash of the record before it; 64 zeros for the first. */
  previousHash: z.string(),
  /**
   * Epoch seconds at which the record before it may be deleted, no earlier than any record before that one. A chain
   * whose oldest records are gone is whole if this has passed for the first one left. Absent in the first record.
   */
  previousExpires: z.number().int().optional(),
  /**
   * The signature of the head before it, where that one does not vouch with the key of today: empty for one that was
   * not signed. `audit:verify` checks it with the key of then.
   */
  previousSignature: z.string().optional(),
  /** SHA-256 over the canonical JSON of everything else in the record. */
  hash: z.string(),
});
export type AuditRecord = z.infer<typeof AuditRecord>;
