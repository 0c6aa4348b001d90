/** For the tests of this folder: a pipeline over the in-memory tables and a shelf of things that can be changed. */
import pino from 'pino';
import type { Scope } from '../../../contracts/scopes.ts';
import { impliedScopes } from '../../../contracts/scopes.ts';
import type { Audit } from '../../src/audit/port.ts';
import type { AuditEvent } from '../../src/audit/record.ts';
import type { Caller } from '../../src/auth/caller.ts';
import type { CallContext } from '../../src/call.ts';
import { CountersignError } from '../../src/errors.ts';
import { noOutbox } from '../../src/notices/outbox.ts';
import type { ChangeSteps } from '../../src/operations/change.ts';
import { openApprovalHashes } from '../../src/operations/hash.ts';
import type { Countersign } from '../../src/operations/operation.ts';
import type { PipelineParts } from '../../src/operations/parts.ts';
import { createPipeline } from '../../src/operations/pipeline.ts';
import type { ChangeOutcome, ResourceChange, State } from '../../src/operations/plan.ts';
import type { Viewer } from '../../src/operations/seen.ts';
import type { Sight } from '../../src/operations/sight.ts';
import { OperationStore } from '../../src/operations/store.ts';
import type { AccountUser } from '../../src/ports/accounts.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { openMemoryEphemeral } from '../../src/stores/memory/ephemeral.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';

const ofPaint = { read: 'tag:read', write: 'tag:write', approve: 'tag:approve' } as const;
/** Sees every operation. */
export const everyone: Viewer = { scopes: new Set(['admin', 'tag:read']) };

/** The shelf's tools are in no contract. */
const sight: Sight = {
  shows: (_tool, held) => held.has(ofPaint.read),
  toolsShown: (held) => (held.has(ofPaint.read) ? ['paint'] : []),
  scopeOf: (_operation, need) => ofPaint[need],
};
const silent = pino({ level: 'silent' });
const noMetrics: Metrics = { count: () => {}, observe: () => {}, set: () => {} };

export const person = (personId: string, ...scopes: Scope[]): Caller => ({
  personId,
  name: personId,
  email: `${personId}@example.com`,
  roles: [],
  clientId: 'client',
  grantId: 'grant',
  scopes: impliedScopes(scopes),
  authenticatedAt: 0,
  expiresAt: 0,
});
export const ana = person('ana', 'tag:write');
export const ben = person('ben', 'tag:approve');
export const max = person('max', 'tag:write', 'tag:approve');

/** Things with one colour each; paint is applied to them. */
export class Shelf {
  readonly colours = new Map([
    ['a', 'red'],
    ['b', 'red'],
    ['c', 'red'],
  ]);
  readonly writes: string[] = [];
  /** Things whose next write fails. */
  readonly broken = new Set<string>();
  /** Called before each write: the place to crash. */
  beforeWrite: (id: string) => void = () => {};
  /** Awaited before and after a change writes: the place for something else to happen. */
  whileWriting: () => Promise<void> = async () => {};
  /** Awaited before things are read. */
  beforeRead: () => Promise<void> = async () => {};
  /** Changes that write at this moment, and the most there ever were on one thing. */
  readonly writing = new Map<string, number>();
  mostAtOnce = 0;
}

export interface Rig {
  /** What the pipeline keeps its operations in. */
  readonly tables: TableEngine;
  readonly shelf: Shelf;
  readonly parts: PipelineParts;
  readonly pipeline: ReturnType<typeof createPipeline>;
  readonly events: AuditEvent[];
  readonly steps: ChangeSteps<{ colour: string; things: string[] }>;
  /** What each test may turn. */
  readonly world: {
    now: Date;
    policy: string;
    countersign: Countersign;
    auditDown: boolean;
    reversible: boolean;
    /** Says whether somebody may act on the accounts of a plan. */
    allow: (who: AccountUser, accounts: readonly { readonly accountId: string }[]) => Promise<void>;
  };
  /** @param via default: a tool */
  context(caller: Caller, via?: 'mcp' | 'rest' | 'page'): CallContext;
  /** Another task on the same store and shelf. */
  another(instanceId: string, onlyInstance?: boolean, on?: TableEngine): ReturnType<typeof createPipeline>;
}

/** @param given tables of a real engine, whose clock must be the rig's; default: in memory */
export const openRig = (settings: Partial<PipelineParts['settings']> = {}, given?: TableEngine): Rig => {
  const shelf = new Shelf();
  const events: AuditEvent[] = [];
  const world: Rig['world'] = {
    now: new Date('2026-11-20T10:00:00.000Z'),
    policy: 'v1',
    countersign: 'second-person',
    auditDown: false,
    reversible: true,
    allow: async () => {},
  };
  const now = () => world.now;
  const tables = given ?? openMemoryTables({ now });
  const append: Audit['append'] = async (event) => {
    if (world.auditDown) throw new CountersignError('store_unavailable', 'the audit log does not answer');
    events.push(event);
    return { ...event, timestamp: now().toISOString(), sequence: events.length, previousHash: '', hash: '' };
  };
  const auditOn = (on: TableEngine): Audit => ({
    append,
    appendWith: async (event, { writes }) => {
      if (world.auditDown) throw new CountersignError('store_unavailable', 'the audit log does not answer');
      return (await on.transact(writes)) ? append(event) : undefined;
    },
    query: async ({ operationId }) => ({
      items: events
        .filter((event) => operationId === undefined || event.operationId === operationId)
        .map((event) => ({ ...event, timestamp: now().toISOString(), sequence: 0, previousHash: '', hash: '' }))
        .toReversed(),
    }),
  });
  const steps = paint(shelf, world);
  const parts: PipelineParts = {
    store: new OperationStore(tables),
    audit: auditOn(tables),
    hashes: openApprovalHashes(new Uint8Array(32).fill(7)),
    accounts: { allowPlan: (who, _tool, changes) => world.allow(who, changes) },
    sight,
    turns: new Map(),
    ephemeral: openMemoryEphemeral({ now }),
    metrics: noMetrics,
    log: silent,
    now,
    changes: (tool) => (tool === steps.name ? steps : undefined),
    outbox: noOutbox,
    settings: {
      approvalHours: 72,
      confirmSeconds: 300,
      byTool: { approve: true, confirm: true },
      approveWithoutEmail: false,
      decisionsPerMinute: 1000,
      maxChanges: 500,
      instanceId: 'task-1',
      onlyInstance: false,
      waitingPerClient: 200,
      waitingPerPerson: 500,
      applyMs: 300_000,
      claimWaitMs: 2_000,
      ...settings,
    },
  };
  return {
    tables,
    shelf,
    parts,
    events,
    steps,
    world,
    pipeline: createPipeline(parts),
    context: (caller, via = 'mcp') => ({
      caller,
      origin: { kind: 'request', via, correlationId: 'correlation', ipAddress: '192.0.2.7', userAgent: 'test' },
      signal: AbortSignal.timeout(10_000),
      progress: async () => {},
      log: silent,
      now,
      assume: () => {},
    }),
    another: (instanceId, onlyInstance = false, on = tables) =>
      createPipeline({
        ...parts,
        store: new OperationStore(on),
        audit: auditOn(on),
        settings: { ...parts.settings, instanceId, onlyInstance },
      }),
  };
};

const paint = (shelf: Shelf, world: Rig['world']): Rig['steps'] => ({
  name: 'paint',
  approveScope: 'tag:approve',
  plan: async ({ colour, things }) => ({
    summary: `Paint ${things.length} things ${colour}`,
    changes: things
      .filter((id) => shelf.colours.get(id) !== colour)
      .map(
        (id): ResourceChange => ({
          resourceId: id,
          label: id,
          kind: 'thing',
          accountId: '111111111111',
          before: { colour: shelf.colours.get(id) ?? null },
          after: { colour },
        }),
      ),
    impact: [{ label: 'Painted', before: 0, after: things.length, unit: 'count' }],
    warnings: [],
    reversible: world.reversible ? { possible: true } : { possible: false, reason: 'paint does not come off' },
    cost: { apiCalls: 1, usd: 0 },
  }),
  read: async (changes) => {
    await shelf.beforeRead();
    return new Map(
      changes.flatMap(({ resourceId }): [string, State][] => {
        const colour = shelf.colours.get(resourceId);
        return colour === undefined ? [] : [[resourceId, { colour }]];
      }),
    );
  },
  apply: async (changes) => {
    for (const { resourceId } of changes) {
      const writing = (shelf.writing.get(resourceId) ?? 0) + 1;
      shelf.writing.set(resourceId, writing);
      shelf.mostAtOnce = Math.max(shelf.mostAtOnce, writing);
    }
    await shelf.whileWriting();
    try {
      return changes.map(({ resourceId, after }): ChangeOutcome => {
        shelf.beforeWrite(resourceId);
        if (shelf.broken.delete(resourceId)) return { resourceId, outcome: 'failed', code: 'AccessDenied' };
        shelf.writes.push(resourceId);
        shelf.colours.set(resourceId, String(after.colour));
        return { resourceId, outcome: 'applied' };
      });
    } finally {
      await shelf.whileWriting();
      for (const { resourceId } of changes) shelf.writing.set(resourceId, (shelf.writing.get(resourceId) ?? 1) - 1);
    }
  },
  revert: (change) => ({ ...change, before: change.after, after: change.before }),
  countersign: () => world.countersign,
  policyVersion: async () => world.policy,
});
