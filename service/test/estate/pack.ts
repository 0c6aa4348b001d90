/** The tagging pack on a sandbox estate of its own, for tests. */
import { pino } from 'pino';
import { impliedScopes } from '../../../contracts/scopes.ts';
import type { Belief, CallContext } from '../../src/call.ts';
import { jobsOf } from '../../src/jobs/port.ts';
import type { Change, Tool } from '../../src/mcp/tool.ts';
import { createAudits } from '../../src/packs/tagging/audits/audits.ts';
import { createAppliedChanges } from '../../src/packs/tagging/changes/applied-changes.ts';
import { rememberingTrail } from '../../src/packs/tagging/drift/remembered.ts';
import { taggingTools, withScanner } from '../../src/packs/tagging/index.ts';
import { fixedPolicy, type LoadedPolicy } from '../../src/packs/tagging/policy/policy.ts';
import type { HeldPolicy } from '../../src/packs/tagging/policy/start.ts';
import { createPolicyVersions } from '../../src/packs/tagging/policy/versions.ts';
import { createSandboxCosts } from '../../src/packs/tagging/sandbox/costs.ts';
import { createSandboxEstate } from '../../src/packs/tagging/sandbox/estate.ts';
import type { SandboxResource } from '../../src/packs/tagging/sandbox/generate.ts';
import { sandboxOrganizations } from '../../src/packs/tagging/sandbox/organizations.ts';
import { sandboxPolicy } from '../../src/packs/tagging/sandbox/policy.ts';
import { createResources, resourceRowOf, seedResources } from '../../src/packs/tagging/sandbox/resources.ts';
import { createSandboxTrail } from '../../src/packs/tagging/sandbox/trail.ts';
import { createScans } from '../../src/packs/tagging/scan/scans.ts';
import type { TaggingServices } from '../../src/packs/tagging/services.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';

export const startOfTests = new Date('2026-11-20T09:00:00.000Z');

/** Metrics that remember how often each was told. */
export const countingMetrics = () => {
  const counts = new Map<string, number>();
  const tell = (name: string, dimensions: Readonly<Record<string, string>>, value = 1) => {
    const key = [name, ...Object.values(dimensions)].join(' ');
    counts.set(key, (counts.get(key) ?? 0) + value);
  };
  const metrics: Metrics = { count: tell, observe: tell, set: tell };
  return { metrics, counts };
};

export interface TestContext extends CallContext {
  readonly beliefs: Belief[];
  readonly steps: [number, number][];
}

export const contextFor = (scope = 'tag:write', signal = new AbortController().signal): TestContext => {
  const beliefs: Belief[] = [];
  const steps: [number, number][] = [];
  return {
    caller: {
      personId: 'ana',
      name: 'Ana',
      email: 'ana@example.com',
      roles: ['analyst'],
      clientId: 'test',
      grantId: 'grant',
      scopes: impliedScopes([scope]),
      authenticatedAt: 0,
      expiresAt: 0,
    },
    origin: { kind: 'request', via: 'mcp', correlationId: 'correlation', ipAddress: '192.0.2.7', userAgent: 'test' },
    signal,
    progress: async (done, total) => {
      steps.push([done, total]);
    },
    log: pino({ level: 'silent' }),
    now: () => startOfTests,
    assume: (belief) => beliefs.push(belief),
    beliefs,
    steps,
  };
};

interface Options {
  readonly policy?: LoadedPolicy;
  readonly settings?: Partial<TaggingServices['settings']>;
  readonly services?: Partial<TaggingServices>;
  /** With an estate in them. Default: new ones. */
  readonly tables?: TableEngine;
}

/** A policy that nothing changes while a test runs. */
export const heldPolicy = (policy: LoadedPolicy): HeldPolicy => {
  const origin = { source: policy.source };
  const version = { number: 1, policy, origin, since: startOfTests.toISOString(), changedBy: 'The test' };
  return { ...fixedPolicy(policy), version: async () => version, seen: () => version };
};

export const startPack = async ({ policy = sandboxPolicy(), settings, services, tables: given }: Options = {}) => {
  const clock = { now: startOfTests };
  const tables = given ?? openMemoryTables({ now: () => clock.now });
  if (given === undefined) await seedResources(tables, startOfTests);
  const behaviour = { throttledRegions: new Set<string>() };
  const { metrics, counts } = countingMetrics();
  const estate = createSandboxEstate({ tables, behaviour });
  const scans = createScans(tables, () => clock.now);
  const { wasWritten } = createResources(tables);
  const parts: TaggingServices = {
    estate,
    costs: createSandboxCosts(tables),
    trail: rememberingTrail(createSandboxTrail({ estate, scans, wasWritten, now: () => clock.now }), undefined, true),
    policy: heldPolicy(policy),
    versions: createPolicyVersions(tables, () => clock.now),
    organizations: sandboxOrganizations,
    requestPolicyChange: () => Promise.reject(new Error('not asked for here')),
    scans,
    audits: createAudits(tables, jobsOf('tagging', { tables, now: () => clock.now, wake: () => {} }), () => clock.now),
    notify: { find: async () => undefined },
    applied: createAppliedChanges(tables, () => clock.now),
    settings: {
      publicUrl: 'https://mcp.example.com',
      allowSelfConfirm: false,
      crossAccountRoleName: 'CrossAccountTagAuditRole',
      approvers: ['ana@example.com', 'bo@example.com'],
      ...settings,
    },
    decide: () => Promise.reject(new Error('not decided here')),
    metrics,
    now: () => clock.now,
    ...services,
  };
  const pack = withScanner(parts);
  const tools = new Map(taggingTools(pack).map((tool) => [tool.name, tool]));
  /** Somebody else's write, whatever is there. */
  const put = (resource: SandboxResource) => tables.put('sandbox-resources', resourceRowOf(resource));
  const resources = { ...createResources(tables), put };
  return { parts, pack, tables, behaviour, counts, clock, resources, ...callers(tools) };
};

const callers = (tools: ReadonlyMap<string, Tool>) => {
  const find = (name: string): Tool => {
    const tool = tools.get(name);
    if (tool === undefined) throw new Error(`no tool ${name}`);
    return tool;
  };
  const runnable = (name: string): Exclude<Tool, Change> => {
    const tool = find(name);
    if (tool.kind === 'change') throw new Error(`${name} is a change`);
    return tool;
  };
  const change = (name: string): Change => {
    const tool = find(name);
    if (tool.kind !== 'change') throw new Error(`${name} is no change`);
    return tool;
  };
  /** Calls a query as the dispatcher does: input and output go through the tool's schemas. */
  const call = async (name: string, input: unknown, context: CallContext = contextFor()) => {
    const tool = runnable(name);
    return tool.output.parse(await tool.run(tool.input.parse(input), context));
  };
  return { tools, find, change, call };
};

/** Walks into a result whose type the tool's schema already checked. */
export const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
