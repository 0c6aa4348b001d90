/** For the tests of mcp/: a dispatch over three small tools, with the real guards, intents and pipeline behind it. */
import pino from 'pino';
import { z } from 'zod';
import { packNames } from '../../../contracts/packs/index.ts';
import type { Scope } from '../../../contracts/scopes.ts';
import { createAccountGate } from '../../src/accounts/gate.ts';
import { AccessStore } from '../../src/accounts/store.ts';
import { openAccountUpstreams } from '../../src/accounts/upstreams.ts';
import { parseConfig } from '../../src/config.ts';
import type { ToolCall } from '../../src/mcp/call-record.ts';
import { createCatalogue } from '../../src/mcp/catalogue.ts';
import { createCursors } from '../../src/mcp/cursors.ts';
import { createDispatch, type ToolResult } from '../../src/mcp/dispatch.ts';
import { createGuards } from '../../src/mcp/guards.ts';
import { neededScopes } from '../../src/mcp/needed-scopes.ts';
import { createConversations } from '../../src/mcp/safety/conversations.ts';
import { createIntents } from '../../src/mcp/safety/intents.ts';
import { createRegrets, type Regret } from '../../src/mcp/safety/regrets.ts';
import type { Reviewer } from '../../src/mcp/safety/reviewer.ts';
import {
  type Ambiguity,
  defineAct,
  defineChange,
  defineQuery,
  type Estimate,
  noAccounts,
  type Query,
  type Tool,
} from '../../src/mcp/tool.ts';
import { type Money, parseMoney } from '../../src/measures/money.ts';
import type { Countersign } from '../../src/operations/operation.ts';
import { openMemoryEphemeral } from '../../src/stores/memory/ephemeral.ts';

import { ana, openRig } from './pipeline.ts';

const readOnly = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };

/** A query over `resources` things; what it answers can be turned. */
export const scan = (world: World) =>
  defineQuery({
    name: 'check_tag_compliance',
    title: 'Check',
    description: 'Checks things.',
    scopes: ['tag:read'],
    input: z.object({
      accounts: z.array(z.string()).optional().describe('Accounts'),
      limit: z.number().int().min(1).max(10).default(5).describe('Most of them'),
      cursor: z.string().max(3000).optional().describe('Where to go on'),
    }),
    output: z.object({
      score: z.number(),
      next_cursor: z.string().optional(),
      total_resources: z.number().optional(),
    }),
    annotations: readOnly,
    timeoutMs: 200,
    accounts: ({ accounts }) => (accounts ?? []).map((accountId) => ({ api: 'AWS', accountId })),
    estimate: async (): Promise<Estimate> => ({
      resources: world.resources,
      apiCalls: 3,
      charges: world.charges,
      seconds: 2,
      ...(world.days !== undefined && { days: world.days }),
    }),
    regrets: async () => world.regrets,
    ambiguities: async ({ accounts }) =>
      accounts
        ? []
        : (world.ambiguities ?? [
            { parameter: 'accounts', question: 'Which?', options: [{ value: ['1'], estimated_resources: 1 }] },
          ]),
    run: async ({ accounts, cursor }, context) => {
      if (!accounts) context.assume({ parameter: 'accounts', assumed: ['1'], because: 'none were named' });
      return world.answer(context.signal, cursor);
    },
  });

export interface World {
  resources: number;
  charges: readonly Money[];
  days?: number;
  regrets: readonly Regret[];
  ambiguities?: readonly Ambiguity[];
  answer: (
    signal: AbortSignal,
    cursor?: string,
  ) => Promise<{ score: number; next_cursor?: string; total_resources?: number }>;
  act: (scan: string, signal: AbortSignal) => Promise<{ stopped: boolean }>;
}

interface Limits {
  readonly budget?: number;
  readonly loop?: number;
  readonly clarify?: 'limits' | 'always';
  readonly clarifyTools?: readonly string[];
  readonly ownRegrets?: readonly string[];
  readonly reviewer?: Reviewer;
  /** Other queries than the small ones. */
  readonly served?: readonly Query[];
}

export const openDispatch = (limits: Limits = {}) => {
  const rig = openRig();
  const world: World = {
    ...{ resources: 10, charges: [], regrets: [] },
    answer: async () => ({ score: 0.5 }),
    act: async () => ({ stopped: true }),
  };
  const query = scan(world);
  const change = defineChange({
    ...rig.steps,
    name: 'bulk_tag_resources',
    title: 'Paint',
    description: 'Paints things.',
    scopes: ['tag:write'],
    input: z.object({ colour: z.string().describe('Colour'), things: z.array(z.string()).describe('Things') }),
    output: z.object({ status: z.string() }),
    annotations: { ...readOnly, readOnlyHint: false, destructiveHint: true },
    accounts: noAccounts,
    present: ({ status }) => ({ status }),
  });
  const act = defineAct({
    name: 'stop_scan',
    title: 'Stop',
    description: 'Stops a scan.',
    scopes: ['tag:write'],
    input: z.strictObject({
      scan: z.string().describe('Scan'),
      account: z.string().optional().describe('Its account'),
    }),
    output: z.object({ stopped: z.boolean() }),
    annotations: { ...readOnly, readOnlyHint: false },
    timeoutMs: 200,
    accounts: ({ account }) => (account === undefined ? [] : [{ api: 'AWS', accountId: account }]),
    preview: async () => ({ stopped: true }),
    run: async ({ scan }, context) => world.act(scan, context.signal),
  });
  const tools: readonly Tool[] = limits.served ?? [query, change, act];
  const lines: object[] = [];
  const ephemeral = openMemoryEphemeral({ now: rig.parts.now });
  const intents = createIntents(rig.tables, rig.parts.now);
  const regrets = createRegrets(rig.tables, rig.parts.now);
  const questions = {
    settings: {
      clarify: limits.clarify ?? 'limits',
      clarifyTools: limits.clarifyTools ?? [],
      maxResources: 500,
      maxCharges: [parseMoney('0.50', 'USD')],
      maxDays: 30,
      ownRegrets: limits.ownRegrets ?? [],
    },
    ...{ intents, regrets, reviewer: limits.reviewer },
  };
  const dispatch = createDispatch({
    catalogue: createCatalogue(tools),
    needed: neededScopes(rig.pipeline),
    packs: packNames,
    pipeline: rig.pipeline,
    guards: createGuards(ephemeral, {
      budgetCallsPerHour: limits.budget ?? 100,
      loopCalls: limits.loop ?? 100,
    }),
    cursors: createCursors(new Uint8Array(32), rig.parts.now),
    accounts: createAccountGate({
      upstreams: openAccountUpstreams(parseConfig({})),
      store: new AccessStore(rig.tables, rig.parts.now),
      listed: async () => ['1', '2', '111111111111'].map((accountId) => ({ api: 'AWS', accountId })),
    }),
    audit: rig.parts.audit,
    metrics: rig.parts.metrics,
    log: pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line) as object) }),
    now: rig.parts.now,
    questions,
    conversations: createConversations(ephemeral),
  });
  const call = (name: string, args: unknown = {}, about: Partial<ToolCall> = {}): Promise<ToolResult> =>
    dispatch({
      name,
      args,
      caller: ana,
      origin: { kind: 'request', via: 'mcp', correlationId: 'correlation', ipAddress: '192.0.2.7', userAgent: 'test' },
      signal: new AbortController().signal,
      progress: async () => {},
      ...about,
    });
  /** Milliseconds the clock is moved on. */
  const advance = (milliseconds: number): void => {
    rig.world.now = new Date(rig.world.now.getTime() + milliseconds);
  };
  const auditDown = (down: boolean): void => {
    rig.world.auditDown = down;
  };
  /** Who must agree to what the change asks for. */
  const countersignedBy = (countersign: Countersign): void => {
    rig.world.countersign = countersign;
  };
  return { ...rig, world, intents, regrets, lines, call, advance, auditDown, countersignedBy };
};

export const withScopes = (...scopes: Scope[]) => ({ ...ana, scopes: new Set(scopes) });
