/** An operation: one record from plan to revert, and the state machine it moves along. */
import { z } from 'zod';
import { type Scope, scopes } from '../../../contracts/scopes.ts';
import { CountersignError } from '../errors.ts';
import { ChangeOutcome, Plan } from './plan.ts';

export const Countersign = z.enum(['none', 'same-person', 'second-person']);
export type Countersign = z.infer<typeof Countersign>;

/** Every status, and the ones it may lead to. A transition not listed here is refused. */
export const transitions = {
  planned: ['awaiting-confirmation', 'awaiting-countersign', 'approved', 'denied', 'expired', 'failed'],
  'awaiting-confirmation': ['approved', 'denied', 'withdrawn', 'expired', 'planned'],
  'awaiting-countersign': ['approved', 'denied', 'withdrawn', 'expired', 'planned'],
  // Applied right away only where its record had been put back: see spent.ts.
  approved: ['applying', 'planned', 'expired', 'applied', 'partially-applied'],
  applying: ['applied', 'partially-applied', 'failed', 'planned'],
  applied: ['reverted'],
  'partially-applied': ['reverted'],
  // Its revert was itself reverted.
  reverted: ['applied', 'partially-applied'],
  denied: [],
  withdrawn: [],
  expired: [],
  failed: [],
} as const satisfies Record<string, readonly string[]>;

export type Status = keyof typeof transitions;
export const statuses = Object.keys(transitions) as [Status, ...Status[]];
/** Statuses in which somebody is waited for. */
export const waiting = ['awaiting-confirmation', 'awaiting-countersign'] as const satisfies readonly Status[];
export const isWaiting = (status: Status): boolean => waiting.some((each) => each === status);

export const OperationId = z
  .string()
  .regex(
    /^op_[0-9a-f]{32}$/,
    'must be an operation id such as op_ and 32 hex digits, as the tool that planned it answered',
  );

export const Principal = z.object({
  personId: z.string(),
  name: z.string(),
  email: z.string(),
  issuer: z.string().optional(),
  owner: z.string().optional(),
});

export type Principal = z.infer<typeof Principal>;

/** Who somebody is, as it is kept with what they did. */
export const principalOf = ({ personId, name, email, issuer, owner }: Principal): Principal => ({
  personId,
  name,
  email,
  ...(issuer === undefined ? {} : { issuer }),
  ...(owner === undefined ? {} : { owner }),
});

export const Approval = z.object({
  by: Principal,
  decision: z.enum(['approve', 'deny', 'confirm', 'withdraw']),
  comment: z.string().optional(),
  at: z.iso.datetime(),
  /** Where the answer was given. */
  via: z.enum(['page', 'mcp', 'rest']),
  /** What was agreed to: see hash.ts. */
  approvalHash: z.string(),
  /** That this service took it: see hash.ts. */
  proof: z.string().optional(),
});
export type Approval = z.infer<typeof Approval>;

export const Operation = z.object({
  operationId: z.string(),
  /** Grows by one with every write; each transition is conditional on it. */
  version: z.number().int(),
  status: z.enum(statuses),
  tool: z.string(),
  /** Canonical arguments, as they were validated. */
  arguments: z.record(z.string(), z.json()),
  requester: Principal.extend({ clientId: z.string() }),
  /** Why, in the requester's words, when given. */
  reason: z.string().optional(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** When it stops waiting. */
  expiresAt: z.iso.datetime(),
  correlationId: z.string(),
  idempotencyKey: z.string().optional(),
  countersign: Countersign,
  /** Scope the second person needs. */
  approveScope: z.enum(Object.keys(scopes) as [Scope, ...Scope[]]),
  policyVersion: z.string(),
  plan: Plan,
  /** Digest of the plan's before-state. */
  beforeDigest: z.string(),
  /** What an approval must carry. */
  approvalHash: z.string(),
  approvals: z.array(Approval),
  /** Held by the task that applies; another may take over after `until`. Claims on resources carry its id. */
  lease: z
    .object({
      id: z.string().optional(),
      owner: z.string(),
      until: z.iso.datetime(),
      /** Of the home region under which it was taken; absent where there is one region only. */
      epoch: z.int().optional(),
    })
    .optional(),
  result: z
    .object({
      outcomes: z.array(ChangeOutcome),
      applied: z.number().int(),
      failed: z.number().int(),
      skipped: z.number().int(),
      appliedAt: z.iso.datetime(),
    })
    .optional(),
  /** Why it went back to planned, was denied, expired or failed. */
  note: z.string().optional(),
  /** Of a request that was too large for one operation: the ids of all of them in order, also of parts that were refused. */
  batch: z.array(z.string()).optional(),
  /** The operation this one undoes. */
  reverts: z.string().optional(),
  /** The operation that undid this one. */
  revertedBy: z.string().optional(),
  /** Resources that reverts of chosen ones took back, while others are as this operation left them. */
  takenBack: z.array(z.string()).optional(),
  /** The newest operation that was planned to undo this one. At most one of them is open. */
  latestRevert: z.string().optional(),
});
export type Operation = z.infer<typeof Operation>;

/**
 * Whether a stored record is one that this version can read. The record itself is kept as it is: members that a later
 * version added survive a rewrite by this one, at every depth.
 */
export const isOperation = (record: unknown): record is Operation => Operation.safeParse(record).success;

/** What a person typed to agree. Longer than any that is asked for. */
export const TypedText = z.string().max(3000);

/** An approval hash as it is sent back. Long enough for those of later versions. */
export const ApprovalHash = z.string().max(200);

/** What this version cannot judge is left as it is: not denied, not failed, not planned anew. */
export const otherVersion = (operationId: string, version: 'newer' | 'older'): CountersignError =>
  version === 'newer'
    ? new CountersignError(
        'newer_version',
        `Operation ${operationId} was written by a newer version of the service than the one that answers here, and is left as it is. While two versions serve, answer it where the newer one does: its page, or the same call again in a moment.`,
      )
    : new CountersignError(
        'arguments_changed',
        `Operation ${operationId} was planned by an earlier version of the service, or under another ENCRYPTION_KEY, so nobody can agree to it any more. Withdraw it and ask for the change again.`,
      );

/** Why an operation whose pack is off can be read, denied and expire, and nothing else. */
export const notServed = (tool: string) =>
  ({
    code: 'pack_disabled',
    message: `${tool} is not served here, so what it planned can be denied, but neither agreed to, applied nor reverted. Operator: name its pack in TOOL_PACKS.`,
  }) as const;
