/** People, their agents and their browsers before a service whose letters go to a post office in each person's own name. */
import './contract.ts';

import type { Role } from '../../../../contracts/scopes.ts';
import { tables as tableContracts } from '../../../../contracts/tables.ts';
import type { Person } from '../../../src/auth/caller.ts';
import { parseConfig } from '../../../src/config.ts';
import type { OpenPack } from '../../../src/packs/pack.ts';
import type { EphemeralEngine } from '../../../src/ports/ephemeral.ts';
import type { TableEngine } from '../../../src/ports/tables.ts';
import { assemble, type Service } from '../../../src/start/assemble.ts';
import { openMemoryEphemeral } from '../../../src/stores/memory/ephemeral.ts';
import { openMemoryTables } from '../../../src/stores/memory/tables.ts';
import { openLogger } from '../../../src/telemetry/logger.ts';
import { startOutsideIssuer } from '../outside-issuer.ts';
import { letters } from './contract.ts';
import { type Office, officeClient, startOffice } from './office.ts';
import { nothingSeen, openLetters } from './open.ts';

const host = 'localhost:3000';

/** What a call answered: the tool's result, or its error. */
export interface Told {
  readonly status: number;
  readonly text: string;
  readonly result: Record<string, unknown> | undefined;
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

/** One sign-in of a person on the pages. */
export interface SignedIn {
  readonly cookie: string;
  get(url: string): Promise<{ readonly status: number; readonly location: string; readonly body: string }>;
  post(
    url: string,
    fields?: Readonly<Record<string, string | readonly string[]>>,
  ): Promise<{ readonly status: number; readonly location: string; readonly body: string }>;
}

export interface World {
  readonly office: Office;
  /** The services, one a task, over the same tables. */
  readonly tasks: readonly [Service, ...Service[]];
  readonly tables: TableEngine;
  readonly ephemeral: EphemeralEngine;
  readonly logs: readonly string[];
  /** Milliseconds the clock of the services is ahead. */
  ahead: number;
  person(personId: string, ...roles: Role[]): Person;
  /** What a person's agent proves with who it is. */
  bearer(who: Person): Promise<string>;
  /** @param header the person's own token at the office */
  call(who: Person, tool: string, args: object, header?: string, task?: number): Promise<Told>;
  rest(who: Person, path: string, body: object, header?: string): Promise<Told>;
  signIn(who: Person): Promise<SignedIn>;
  /** Connects an account at the office. @returns where the person ends */
  connect(session: SignedIn, account: string): Promise<{ readonly status: number; readonly location: string }>;
  approve(by: Person, operationId: string): Promise<void>;
  /** The operation as its requester's agent sees it. */
  statusOf(who: Person, operationId: string): Promise<string>;
  /** Every row of every table, every line of the log, and every answer to an agent. */
  everything(): Promise<string>;
  stop(): Promise<void>;
}

const toldBy = (status: number, text: string): Told => {
  const json = JSON.parse(text) as {
    result?: unknown;
    error?: Told['error'];
    operation?: Record<string, unknown>;
  };
  const mcp = Object(json.result) as {
    isError?: boolean;
    structuredContent?: Told['result'];
    content?: { text: string }[];
  };
  if (mcp.isError === true)
    return { status, text, result: undefined, error: (JSON.parse(mcp.content?.[0]?.text ?? '{}') as Told).error };
  return {
    status,
    text,
    result: mcp.structuredContent ?? json.operation ?? (json.result as Told['result']),
    error: json.error,
  };
};

export interface WorldOptions {
  readonly variables?: Readonly<Record<string, string>>;
  /** Services over one store. Default: one. */
  readonly tasks?: number;
  /** In place of the pack of the tests. */
  readonly open?: OpenPack;
  readonly tables?: TableEngine;
}

/** @param way how calls come by a credential */
export const startWorld = async (way: 'header' | 'connected', options: WorldOptions = {}): Promise<World> => {
  const logs: string[] = [];
  const answers: string[] = [];
  const world: { ahead: number } = { ahead: 0 };
  const now = () => new Date(Date.now() + world.ahead);
  const [office, issuer] = await Promise.all([startOffice(), startOutsideIssuer(`http://${host}/mcp`, [letters], now)]);
  const tables = options.tables ?? openMemoryTables({ now });
  const ephemeral = openMemoryEphemeral({ now });
  const roles: Role[] = ['viewer', 'analyst', 'approver', 'admin'].map((role) => `${letters}:${role}` as Role);
  const config = parseConfig({
    ENCRYPTION_KEY: 'a key for tests, long enough to be one',
    TOOL_PACKS: letters,
    PUBLIC_URL: `http://${host}`,
    AUTH_ISSUER: issuer.url,
    AUTH_JWKS_URL: `${issuer.url}/keys`,
    SSO_ISSUER: issuer.url,
    SSO_CLIENT_ID: 'pages',
    SSO_CLIENT_SECRET: 'a secret of the test',
    ROLE_MAP: JSON.stringify(Object.fromEntries([...roles, 'admin'].map((role) => [role, [role]]))),
    BUDGET_CALLS_PER_HOUR: '100000',
    LOOP_CALLS: '100000',
    RATE_LIMIT_PER_MINUTE: '100000',
    LOG_LEVEL: 'trace',
    LETTERS: 'post',
    LETTERS_CREDENTIALS: way,
    LETTERS_TOKEN: 'one token for all',
    LETTERS_URL: `${office.url}/v1`,
    LETTERS_OAUTH_URL: office.url,
    ...officeClient,
    ...options.variables,
  });
  const open = () =>
    assemble({
      config,
      state: { tables, ephemeral, exclusive: (options.tasks ?? 1) === 1 },
      metrics: { count: () => {}, observe: () => {}, set: () => {} },
      log: openLogger(config, { write: (line: string) => void logs.push(line) }),
      now,
      packs: { [letters]: options.open ?? openLetters(nothingSeen()) },
      draining: () => false,
    });
  const first = await open();
  const others: Service[] = [];
  for (let more = 1; more < (options.tasks ?? 1); more += 1) others.push(await open());
  const tasks = [first, ...others] as const;

  const post = async (who: Person, url: string, payload: object, header?: string, task = 0): Promise<Told> => {
    const service = tasks[task] ?? first;
    const response = await service.app.inject({
      method: 'POST',
      url,
      headers: {
        host,
        authorization: `Bearer ${await issuer.sign(who)}`,
        accept: 'application/json',
        ...(header !== undefined && { 'x-letters-token': header }),
      },
      payload,
    });
    answers.push(JSON.stringify(response.headers), response.body);
    return toldBy(response.statusCode, response.body);
  };
  const rig: World = {
    office,
    tasks,
    tables,
    ephemeral,
    logs,
    get ahead() {
      return world.ahead;
    },
    set ahead(milliseconds) {
      world.ahead = milliseconds;
    },
    person: (personId, ...held) => ({
      personId,
      name: personId,
      email: `${personId}@example.com`,
      issuer: issuer.url,
      roles: held,
    }),
    bearer: (who) => issuer.sign(who),
    call: (who, name, args, header, task) =>
      post(
        who,
        '/mcp',
        { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } },
        header,
        task,
      ),
    rest: (who, path, body, header) => post(who, path, body, header),
    signIn: async (who) => {
      await first.auth.people.signedIn(who);
      const session = { person: who, authenticatedAt: Math.floor(now().getTime() / 1000) };
      const cookie = (await first.auth.sessions.begin(session, undefined)).split(';', 1)[0] ?? '';
      const csrf = (await first.auth.sessions.find(cookie))?.csrfToken ?? '';
      const ask = async (url: string, form?: string) => {
        const response = await first.app.inject({
          url,
          headers: {
            host,
            cookie,
            accept: 'text/html',
            ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
          },
          ...(form !== undefined && { method: 'POST' as const, payload: form }),
        });
        const { location, refresh } = response.headers;
        return {
          status: response.statusCode,
          location: String(location ?? String(refresh ?? '').replace(/^0; url=/, '')),
          body: response.body,
        };
      };
      return {
        cookie,
        get: (url) => ask(url),
        post: (url, fields = {}) => {
          const all = Object.entries({ csrf, ...fields });
          return ask(
            url,
            String(new URLSearchParams(all.flatMap(([name, values]) => [values].flat().map((value) => [name, value])))),
          );
        },
      };
    },
    connect: async (session, account) => {
      const { location } = await session.post('/apps/accounts/office/connect', { part: 'letters' });
      const back = new URL(office.allow(location, account));
      return session.get(back.pathname + back.search);
    },
    approve: async (by, operationId) => {
      const session = await rig.signIn(by);
      const operation = await first.pipeline.seenBy({ scopes: new Set(['admin']) }).get(operationId);
      const { status, body } = await session.post(`/approvals/${operationId}`, {
        decision: 'approve',
        approval_hash: operation?.approvalHash ?? '',
      });
      if (status >= 400) throw new Error(`${by.personId} may not approve: ${status} ${body}`);
    },
    statusOf: async (who, operation_id) =>
      String((await rig.call(who, 'get_operation', { operation_id })).result?.status),
    everything: async () => {
      const rows: unknown[] = [];
      for (const name of Object.keys(tableContracts) as (keyof typeof tableContracts)[])
        rows.push(name, (await tables.scan(name, { limit: 1000 })).items);
      return JSON.stringify(rows) + logs.join('') + answers.join('');
    },
    stop: async () => {
      for (const { app } of tasks) await app.close();
      await Promise.all([office.stop(), issuer.stop()]);
    },
  };
  return rig;
};
