/** The whole service in this process, with its store in sight: what a fault left in it, or did not. */
import { type TableName, tableNames } from '../../../contracts/tables.ts';
import { digest } from '../../src/canonical.ts';
import type { OpenPack } from '../../src/packs/pack.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { Browser } from '../rigs/browser.ts';
import { OAuthClient, type Tokens } from '../rigs/oauth-client.ts';
import type { DemoPerson } from '../rigs/person.ts';
import { type ServiceOptions, type ServiceRig, startService } from '../rigs/service.ts';
import { Caller } from './wire.ts';

export interface Watched {
  readonly service: ServiceRig;
  readonly tables: TableEngine;
  /** Signs in, consents and connects a client of its own. */
  connect(person: DemoPerson, scope?: string): Promise<Connected>;
}

export interface Connected {
  readonly caller: Caller;
  readonly tokens: Tokens;
  readonly oauth: OAuthClient;
}

export const connect = async (origin: string, person: DemoPerson, scope = 'tag:read'): Promise<Connected> => {
  const oauth = await OAuthClient.registered(origin);
  const tokens = await oauth.connect(new Browser(), person, scope);
  return { caller: new Caller(origin, tokens.access_token), tokens, oauth };
};

/** @param tagging how the tagging pack is opened; default as the service itself does */
export const startWatched = async (options: ServiceOptions = {}, tagging?: OpenPack): Promise<Watched> => {
  const packs = tagging === undefined ? {} : { tagging };
  const service = await startService({ ...options, overrides: { ...options.overrides, packs } });
  return {
    service,
    get tables() {
      return service.running.state.tables;
    },
    connect: (person, scope) => connect(service.url, person, scope),
  };
};

/** Every row of a table, as JSON. */
export async function* rowsOf(tables: TableEngine, table: TableName): AsyncGenerator<Record<string, unknown>> {
  let cursor: string | undefined;
  do {
    const page = await tables.scan(table, { limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    for (const row of page.items) yield { ...row };
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Everything the service keeps, as text. */
export const dump = async (tables: TableEngine): Promise<string> => {
  const lines: string[] = [];
  for (const table of tableNames)
    for await (const row of rowsOf(tables, table)) lines.push(`${table} ${JSON.stringify(row)}`);
  return lines.join('\n');
};

const refusals = new Set(['failure', 'blocked']);
const deeds = new Set(['write', 'delete', 'plan', 'approve', 'deny', 'confirm', 'expire', 'revert']);

/** Tokens come with every connection, and messages about what was done before go out at any time. */
const beside: ReadonlySet<string> = new Set(['token', 'notices']);

/** What counts as done: the estate, the operations, and the audit records of all but reading, signing in and refusals. */
export const deedsOf = async (tables: TableEngine) => {
  const collect = async (table: TableName, keep: (row: Record<string, unknown>) => boolean = () => true) => {
    const rows: Record<string, unknown>[] = [];
    for await (const row of rowsOf(tables, table)) if (keep(row)) rows.push(row);
    return rows;
  };
  const records = await collect(
    'audit-logs',
    ({ action, tool, result }) =>
      deeds.has(String(action)) && !beside.has(String(tool)) && !refusals.has(String(result)),
  );
  return {
    estate: digest(await collect('sandbox-resources')),
    operations: digest(await collect('operations')),
    records: records.map(({ userId, action, result, tool }) => [userId, tool, action, result].join(' ')),
  };
};
