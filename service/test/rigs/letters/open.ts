/** The service's half of the pack that has one of every member. */
import { z } from 'zod';
import type { ToolName } from '../../../../contracts/packs/index.ts';
import type { Scope } from '../../../../contracts/scopes.ts';
import type { CallContext } from '../../../src/call.ts';
import { csv, csvType } from '../../../src/files/csv.ts';
import {
  type Act,
  type Change,
  defineAct,
  defineChange,
  defineQuery,
  noAccounts,
  type Query,
} from '../../../src/mcp/tool.ts';
import type { OpenPack, PackServices } from '../../../src/packs/pack.ts';
import { defineAction, definePage } from '../../../src/packs/page.ts';
import { defineWebhook } from '../../../src/packs/webhook.ts';
import type { AccountRef } from '../../../src/ports/accounts.ts';
import type { Metrics } from '../../../src/ports/metrics.ts';
import type { Objects } from '../../../src/ports/objects.ts';
import type { Tables } from '../../../src/ports/tables.ts';
import type { UpstreamCall } from '../../../src/ports/upstream.ts';
import { defineWorker } from '../../../src/ports/worker.ts';
import { html } from '../../../src/web/html.ts';
import { contract } from './contract.ts';

/** The compiler does not know its table, which has the shape of this one. */
const table = 'letters' as 'sandbox-resources';
const account = 'post';
const Letter = z.object({ text: z.string() });

/** What the world of a test saw of the pack. */
export interface Seen {
  readonly delivered: string[];
  readonly notes: string[];
  readonly posted: number[];
  /** Customers that the courier was asked about. */
  readonly tracked: string[];
  /** Letters that were marked as read. */
  readonly marked: string[];
  turns: number;
  closed: boolean;
}
export const nothingSeen = (): Seen => ({
  ...{ delivered: [], notes: [], posted: [], tracked: [], marked: [] },
  ...{ turns: 0, closed: false },
});

/** What it keeps in objects: a file of all letters, written anew with each. */
const FILE = 'letters.csv';
const columns = ['To', 'Text'].map((title, place) => ({ title, value: (row: readonly string[]) => row[place] }));

const shelf = (tables: Tables, objects: Objects) => ({
  all: () => rowsOf(tables),
  find: async (arn: string): Promise<string | null> => {
    const row = await tables.get(table, { accountId: account, arn });
    return row === undefined ? null : Letter.parse(row.record).text;
  },
  write: (arn: string, text: unknown) =>
    typeof text === 'string'
      ? tables.put(table, { accountId: account, arn, record: { text } })
      : tables.remove(table, { accountId: account, arn }),
  file: async () => void (await objects.put(FILE, csv(columns, await rowsOf(tables)), { contentType: csvType })),
  link: () => objects.link(FILE, { readers: { scope: 'letters:read' as Scope }, fileName: 'Letters.csv' }),
});
const rowsOf = async (tables: Tables): Promise<string[][]> =>
  (await tables.query(table, { partition: account })).items.map(({ arn, record }) => [arn, Letter.parse(record).text]);
type Shelf = ReturnType<typeof shelf>;

/** By post no account of anybody's is named; the plan names the box all the same. */
const courier = (customer: string | undefined): AccountRef[] =>
  customer === undefined ? [] : [{ api: 'Courier', accountId: customer }];

const annotations = { destructiveHint: false, idempotentHint: true, openWorldHint: true };

/** The post as a person's letters see it: whoever runs is known by the context. */
interface Post {
  put(to: string, text: unknown, context: CallContext): Promise<void>;
  /** Undefined where nobody's credential is asked for. */
  all?(context: CallContext): Promise<string[][]>;
  find?(to: string, context: CallContext): Promise<string | null>;
}

const listLetters = (letters: Shelf, post?: Post): Query =>
  defineQuery({
    name: 'list_letters' as ToolName,
    title: 'List letters',
    description: 'Every letter that was sent, with what it says, in the order of their receivers.',
    scopes: ['letters:read' as Scope],
    input: z.strictObject({}),
    output: z.object({ letters: z.array(z.array(z.string())) }),
    annotations: { ...annotations, readOnlyHint: true },
    accounts: noAccounts,
    run: async (_input, context) => ({ letters: (await post?.all?.(context)) ?? (await letters.all()) }),
  });

const track = (seen: Seen): Query =>
  defineQuery({
    name: 'track_letter' as ToolName,
    title: 'Track letters',
    description: 'Asks the courier where the letters of a customer are. The account is a customer of the courier.',
    scopes: ['letters:read' as Scope],
    input: z.strictObject({ customer: z.string().describe('Customer of the courier') }),
    output: z.object({ place: z.string() }),
    annotations: { ...annotations, readOnlyHint: true },
    accounts: ({ customer }) => courier(customer),
    run: async ({ customer }) => {
      seen.tracked.push(customer);
      return { place: 'under way' };
    },
  });

const mark = (seen: Seen): Act =>
  defineAct({
    name: 'mark_letter' as ToolName,
    title: 'Mark a letter as read',
    description: 'Marks a letter as read, at once. Nobody is asked, because a mark can be taken away again.',
    scopes: ['letters:write' as Scope],
    input: z.strictObject({ to: z.string().describe('Who got it') }),
    output: z.object({ marked: z.number() }),
    annotations: { ...annotations, readOnlyHint: false, openWorldHint: false },
    accounts: noAccounts,
    preview: async () => ({ marked: seen.marked.length + 1 }),
    run: async ({ to }) => ({ marked: seen.marked.push(to) }),
  });

/** What the post says of a letter: the number it goes by. */
const Posted = z.object({ number: z.int() });

const sendLetter = (letters: Shelf, metrics: Metrics, post?: Post): Change => {
  const find = async (to: string, context: CallContext): Promise<string | null> =>
    post?.find === undefined ? letters.find(to) : post.find(to, context);
  return defineChange({
    name: 'send_letter' as ToolName,
    title: 'Send a letter',
    description: 'Asks for a letter to be sent. Nothing is sent yet: another person approves it first.',
    scopes: ['letters:write' as Scope],
    approveScope: 'letters:approve' as Scope,
    input: z.strictObject({
      to: z.string().describe('Who gets it'),
      text: z.string().describe('What it says'),
      customer: z.string().optional().describe('By courier, for this customer. Default: by post'),
    }),
    output: z.object({ operation_id: z.string(), status: z.string(), approval_url: z.string() }),
    annotations: { ...annotations, readOnlyHint: false, idempotentHint: false },
    accounts: ({ customer }) => courier(customer),
    plan: async ({ to, text, customer }, context) => ({
      summary: `Send a letter to ${to}`,
      changes: [
        {
          resourceId: to,
          label: to,
          kind: 'letter',
          ...(customer === undefined ? { api: 'Post', accountId: account } : { api: 'Courier', accountId: customer }),
          before: { text: await find(to, context) },
          after: { text },
        },
      ],
      impact: [],
      warnings: [],
      reversible: { possible: true },
      cost: { apiCalls: 1, charges: [] },
    }),
    read: async (changes, context) =>
      new Map(
        await Promise.all(
          changes.map(async ({ resourceId }) => [resourceId, { text: await find(resourceId, context) }] as const),
        ),
      ),
    apply: async (changes, context) => {
      for (const { resourceId, after } of changes) {
        await post?.put(resourceId, after.text, context);
        await letters.write(resourceId, after.text);
      }
      await letters.file();
      metrics.count('LettersLost' as 'ScanResources', { Office: 'north' } as Record<never, string>, 0);
      return changes.map(({ resourceId }) => ({ resourceId, outcome: 'applied' as const }));
    },
    revert: (change) => ({ ...change, before: change.after, after: change.before }),
    countersign: () => 'second-person',
    policyVersion: async () => '1',
    present: ({ operationId, status }) => ({
      operation_id: operationId,
      status,
      approval_url: `/approvals/${operationId}`,
    }),
  });
};

interface PostParts extends Pick<PackServices, 'upstream' | 'credentials'> {
  readonly seen: Seen;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** With LETTERS=post each call is made in the name of the person for whom it runs; else with one token for all. */
const postOf = ({ upstream, credentials, seen, variables }: PostParts): Post | undefined => {
  const office = upstream.open({
    name: 'post',
    base: { variable: 'LETTERS_URL', otherwise: `https://${contract.egress[0]}/v1` },
  });
  if (variables.LETTERS_URL === undefined) return undefined;
  const forReal = variables.LETTERS === 'post';
  const shared = { secrets: { headers: { authorization: `Bearer ${String(variables.LETTERS_TOKEN)}` } } };
  const call = async (context: CallContext, about: Pick<UpstreamCall, 'method' | 'path' | 'params' | 'body'>) => {
    const who = forReal ? { credential: await credentials.of('office', context) } : shared;
    const answer = await office.call({ ...about, ...who, signal: context.signal });
    if (!answer.ok) throw answer.refusal();
    return answer;
  };
  const path = '/letters/{to}';
  return {
    put: async (to, text, context) => {
      const answer = await call(context, { method: 'PUT', path, params: { to }, body: { text } });
      seen.posted.push(answer.json(Posted).number);
    },
    ...(forReal && {
      all: async (context) =>
        (await call(context, { method: 'GET', path: '/letters' })).json(
          z.object({ letters: z.array(z.array(z.string())) }),
        ).letters,
      find: async (to, context) =>
        (await call(context, { method: 'GET', path, params: { to } })).json(z.object({ text: z.string().nullable() }))
          .text,
    }),
  };
};

/** @param seen is told what happens to the pack */
export const openLetters =
  (seen: Seen): OpenPack =>
  async ({ config, tables, metrics, ephemeral, upstream, credentials, objects, jobs, notify }) => {
    const letters = shelf(tables, objects);
    const variables: Readonly<Record<string, unknown>> = { ...config };
    await ephemeral.set('opened', 'yes', 60);
    const post = postOf({ upstream, credentials, seen, variables });
    return {
      tools: [listLetters(letters, post), track(seen), mark(seen), sendLetter(letters, metrics, post)],
      accounts: { Post: async () => [{ accountId: account, accountName: 'The box at the corner' }] },
      pages: [
        definePage({
          route: { ...contract.routes.letters, scope: contract.routes.letters.scope as Scope },
          title: 'Letters',
          nav: { label: 'Letters' },
          show: async ({ visitor }) => ({
            main: html`<h1>Letters</h1><ul>${(await letters.all()).map(([to, text]) => html`<li>${to}: ${text}</li>`)}</ul><a href="${(await letters.link()).url}">Download</a><form method="post" action="/letters/notes/ada"><input type="hidden" name="csrf" value="${visitor.csrf}"><input name="note"><button>Note</button></form>`,
          }),
          actions: [
            defineAction({
              route: { ...contract.routes.noteLetter, scope: contract.routes.noteLetter.scope as Scope },
              fields: z.object({ note: z.string().max(200) }),
              submit: async ({ fields, params }) => {
                seen.notes.push(`${params.to}: ${fields.note}`);
                return { redirect: contract.routes.letters.path };
              },
            }),
          ],
        }),
      ],
      webhooks: [
        defineWebhook({
          route: contract.routes.letterDelivered,
          payload: z.looseObject({ to: z.string() }),
          receive: async ({ payload, id }) => {
            seen.delivered.push(payload.to);
            await jobs.enqueue({ worker: 'count', payload: { to: payload.to }, key: id });
            await notify.tell({
              key: id,
              headline: 'A letter was delivered',
              about: payload.to,
              link: { label: 'See the letters', path: contract.routes.letters.path },
              scope: contract.routes.letters.scope as Scope,
            });
          },
        }),
      ],
      workers: [
        defineWorker({
          name: 'count',
          description: 'Counts what was delivered.',
          payload: z.object({ to: z.string().optional() }),
          work: async () => {
            seen.turns += 1;
            return { result: { turns: seen.turns } };
          },
        }),
      ],
      jobs: [{ name: 'nightly', worker: 'count', cron: '30 2 * * *', timeZone: 'Europe/Berlin' }],
      health: { post: async () => ((await ephemeral.get('opened')) === 'yes' ? 'ok' : 'degraded') },
      facts: () => ({
        letters_most: Number(variables.LETTERS_MOST),
      }),
      close: async () => {
        seen.closed = true;
      },
    };
  };
