/** One pack alone in the whole service over tables in memory, and people who may do anything in it: for a pack's own tests. */
import pino from 'pino';
import { type PackName, packs } from '../../../contracts/packs/index.ts';
import type { PackContract } from '../../../contracts/packs/pack.ts';
import { impliedScopes } from '../../../contracts/scopes.ts';
import type { Caller } from '../../src/auth/caller.ts';
import type { CallContext } from '../../src/call.ts';
import { type Tool, useOf } from '../../src/mcp/tool.ts';
import type { Operation } from '../../src/operations/operation.ts';
import type { PageContent, PageRedirect, Submitted } from '../../src/packs/page.ts';
import type { AccountRef } from '../../src/ports/accounts.ts';
import type { TableEngine, Tables } from '../../src/ports/tables.ts';
import type { Service } from '../../src/start/assemble.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { assembleInMemory } from './whole.ts';

export interface OnePack {
  /** The service around it. Nobody serves its routes until `app.listen`. */
  readonly service: Pick<Service, 'app' | 'objects'>;
  /** Calls a query, an act or a decision as the dispatcher does: through its schemas, and only on accounts that were approved. */
  call(tool: string, input: unknown): Promise<Record<string, unknown>>;
  /** What an act would answer, as a dry run of it says. */
  preview(tool: string, input: unknown): Promise<Record<string, unknown>>;
  /** Does what jobs are due now, and what they lead to at once. */
  work(): Promise<void>;
  /** Asks for a change, as the requester. */
  ask(tool: string, input: unknown): Promise<Operation>;
  /** An operation as it stands. */
  find(operationId: string): Promise<Operation>;
  /** Countersigns it as somebody else, who types what the plan asks for, and waits until it is carried out. */
  approve(operation: Operation, typed?: string): Promise<Operation>;
  /** Countersigns it likewise, and waits for nothing. */
  countersign(operation: Operation): Promise<Operation>;
  /** Agrees to it as the requester, and waits until it is carried out. */
  confirm(operation: Operation, typed?: string): Promise<Operation>;
  /** Plans taking back what was applied, or some resources of it, as the requester. */
  revert(operation: Operation, only?: readonly string[]): Promise<Operation>;
  /** A page of the pack as it is shown to the requester, or to whoever approves. */
  show(
    path: string,
    query?: Readonly<Record<string, string>>,
    to?: 'requester' | 'approver',
    params?: Readonly<Record<string, string>>,
  ): Promise<PageContent>;
  /** A form of the pack as the requester sends it, by the path of its route. */
  send(
    path: string,
    fields: Readonly<Record<string, string>>,
    params?: Readonly<Record<string, string>>,
  ): Promise<PageContent | PageRedirect>;
  close(): Promise<void>;
}

const originOf = (via: 'mcp' | 'page') =>
  ({ kind: 'request', via, correlationId: 'correlation', ipAddress: '192.0.2.7', userAgent: 'test' }) as const;

const contextOf = (caller: Caller, now: () => Date, via: 'mcp' | 'page' = 'mcp'): CallContext => ({
  caller,
  origin: originOf(via),
  signal: AbortSignal.timeout(10_000),
  progress: async () => {},
  log: pino({ level: 'silent' }),
  now,
  assume: () => {},
});

const personIn = (pack: PackContract, personId: string): Caller => ({
  personId,
  name: personId,
  email: `${personId}@example.com`,
  roles: [],
  clientId: 'test',
  grantId: 'grant',
  scopes: impliedScopes([...Object.keys(pack.scopes), ...Object.values(pack.tools).map(({ scope }) => scope)]),
  authenticatedAt: 0,
  expiresAt: 0,
});

const approveAccounts = async (
  tables: Tables,
  userId: string,
  approved: readonly AccountRef[],
  now: () => Date,
): Promise<void> => {
  const given = { approvedBy: 'ben@example.com', approvedAt: now().toISOString(), status: 'ACTIVE' };
  for (const { api, accountId } of approved)
    await tables.insert('approved-accounts', { userId, accountKey: `${api}:${accountId}`, api, accountId, ...given });
};

/**
 * @param variables of the environment, besides TOOL_PACKS
 * @param approved accounts that the requester may act on
 * @param now the time, for the service and its callers
 * @param tables what is kept; default nothing
 * @example
 * const { call, ask, approve } = await openOnePack('tagging');
 * const applied = await approve(await ask('bulk_tag_resources', { resource_arns: [arn], tags: { Owner: 'ana' } }));
 */
export const openOnePack = async (
  name: PackName,
  variables: Readonly<Record<string, string>> = {},
  approved: readonly AccountRef[] = [],
  now: () => Date = () => new Date(),
  tables: TableEngine = openMemoryTables({ now }),
): Promise<OnePack> => {
  const service = await assembleInMemory({ TOOL_PACKS: name, ...variables }, tables, now);
  const { catalogue, pipeline, packs: open, access, jobs } = service;
  const [requester, approver] = [personIn(packs[name], 'ana'), personIn(packs[name], 'ben')];
  await approveAccounts(tables, requester.personId, approved, now);
  /** Each call has ten seconds of its own. */
  const context = () => contextOf(requester, now);
  const prepared = async (name: string, args: unknown) => {
    const entry = catalogue.entries.get(name);
    if (entry === undefined) throw new Error(`there is no tool ${name}`);
    const { input } = entry.parse(args);
    await access.gate.allow(requester, name, entry.tool.accounts(input), useOf(entry.tool));
    return { ...entry, input };
  };
  const ask: OnePack['ask'] = async (name, input) => {
    const { tool, input: parsed } = await prepared(name, input);
    if (tool.kind !== 'change') throw new Error(`${name} is no change`);
    return pipeline.submit(tool, { input: parsed }, context());
  };
  const callTool: Submitted<unknown>['callTool'] = async (name, args) => {
    const { tool, input, check } = await prepared(name, args);
    return check(tool.kind === 'change' ? tool.present(await ask(name, args)) : await tool.run(input, context()));
  };
  const pages = open.each.flatMap(({ pack }) => pack.pages ?? []);
  const visitorOf = (person: Caller) => ({ person, scopes: person.scopes, csrf: 'csrf-token-of-this-session' });
  const pageContext = () => ({ ...context(), origin: originOf('page') });
  const runnable = (tool: Tool) => {
    if (tool.kind === 'change') throw new Error(`${tool.name} is a change: ask for it`);
    return tool;
  };
  const answered =
    (decision: 'approve' | 'confirm', by: Caller) =>
    ({ operationId, approvalHash, plan }: Operation, typed = plan.typed?.text): Promise<Operation> =>
      pipeline.decide({ operationId, decision, approvalHash, typed }, by, contextOf(by, now, 'page'));
  const decided =
    (...by: Parameters<typeof answered>) =>
    async (operation: Operation, typed?: string): Promise<Operation> =>
      pipeline.outcome(await answered(...by)(operation, typed));
  return {
    service,
    call: async (name, input) => {
      const { tool, input: parsed, check } = await prepared(name, input);
      return check(await runnable(tool).run(parsed, context()));
    },
    preview: async (name, input) => {
      const { tool, input: parsed, check } = await prepared(name, input);
      if (tool.kind !== 'act' || tool.preview === undefined) throw new Error(`${name} has no preview`);
      return check(await tool.preview(parsed, context()));
    },
    work: async () => {
      await jobs.turn();
      await jobs.idle(10_000);
    },
    ask,
    find: async (operationId) => {
      const found = await pipeline.seenBy(requester).get(operationId);
      if (found === undefined) throw new Error(`there is no operation ${operationId}`);
      return found;
    },
    approve: decided('approve', approver),
    countersign: answered('approve', approver),
    confirm: decided('confirm', requester),
    revert: ({ operationId }, only) => pipeline.revert({ operationId, only }, context()),
    show: async (path, query = {}, to = 'requester', params = {}) => {
      const page = pages.find(({ route }) => route.path === path);
      if (page === undefined) throw new Error(`there is no page ${path}`);
      return page.show({
        visitor: visitorOf(to === 'requester' ? requester : approver),
        query: page.query?.parse(query) ?? {},
        params,
        context: pageContext(),
      });
    },
    send: async (path, sent, params = {}) => {
      const action = pages.flatMap(({ actions = [] }) => actions).find(({ route }) => route.path === path);
      if (action === undefined) throw new Error(`there is no form ${path}`);
      const fields = action.fields.parse(sent);
      return action.submit({ visitor: visitorOf(requester), fields, params, context: pageContext(), callTool });
    },
    close: async () => {
      await service.app.close();
      await jobs.stop(1000);
      await open.close();
      await service.upstreams.close();
    },
  };
};
