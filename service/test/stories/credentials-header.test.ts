/** A token that comes with a request: used in that request, by nobody else, and found nowhere afterwards. */

import { inspect } from 'node:util';
import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type { Person } from '../../src/auth/caller.ts';
import { startWorld, type World } from '../rigs/letters/world.ts';

let world: World;
let ana: Person;
let ben: Person;
let max: Person;
let anas: string;
let bens: string;
const exporter = new InMemorySpanExporter();
const spans = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
beforeAll(async () => {
  spans.register();
  // So that requests have spans; they stay here, because nobody exports them.
  world = await startWorld('header', { variables: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' } });
  ana = world.person('ana', 'letters:analyst' as never);
  ben = world.person('ben', 'letters:approver' as never);
  // May do anything that both may, and so is not stopped by a scope.
  max = world.person('max', 'letters:admin' as never);
  anas = world.office.tokenOf('ana@post');
  bens = world.office.tokenOf('ben@post');
});
afterAll(async () => {
  await world.stop();
  await spans.shutdown();
  trace.disable();
  context.disable();
});

const ask = async (to: string, who = ana, token = anas): Promise<string> => {
  const { result, text } = await world.call(who, 'send_letter', { to, text: `Dear ${to}` }, token);
  if (result === undefined) throw new Error(text);
  return String(result.operation_id);
};
const confirm = (who: Person, operation_id: string, token?: string) =>
  world.call(who, 'confirm_operation', { operation_id }, token);

it('is what a read is made with', async () => {
  expect((await world.call(ana, 'list_letters', {}, anas)).result).toEqual({ letters: [] });
  expect(world.office.calls.at(-1)).toEqual({ what: 'GET /v1/letters', by: 'ana@post' });
});

it('is asked for by the header’s name where it is missing, before the upstream is called', async () => {
  const before = world.office.calls.length;
  const { error } = await world.call(ana, 'list_letters', {});
  expect(error).toMatchObject({
    code: 'credentials_required',
    message: expect.stringContaining('in the header x-letters-token'),
    details: { provider: 'office', header: 'x-letters-token' },
  });
  expect(world.office.calls).toHaveLength(before);
});

it.each([
  ['two words', 'two words'],
  ['two headers', 'a, b'],
  ['nine thousand characters', 'x'.repeat(9000)],
])('is none where it cannot be a token: %s', async (_form, value) => {
  const before = world.office.calls.length;
  expect((await world.call(ana, 'list_letters', {}, value)).error?.code).toBe('credentials_required');
  expect(world.office.calls).toHaveLength(before);
});

it('that the upstream refuses is told so without the token, though the upstream says it aloud', async () => {
  const { error, text } = await world.call(ana, 'list_letters', {}, 'expired-token-of-ana');
  expect(error?.code).toBe('credentials_required');
  expect(error?.message).toContain('refused the access token in the header x-letters-token');
  expect(text + (await world.everything())).not.toContain('expired-token-of-ana');
});

it('waits after an approval for its requester, who carries it out and decides nothing', async () => {
  const id = await ask('grace');
  await world.approve(ben, id);
  expect(await world.statusOf(ana, id)).toBe('approved');
  expect(world.office.letters.has('grace')).toBe(false);

  expect((await confirm(ana, id)).error?.code).toBe('credentials_required');
  const { result } = await confirm(ana, id, anas);
  expect(result).toMatchObject({ status: 'applied', approvals: [{ decision: 'approve', by: 'ben@example.com' }] });
  expect(world.office.letters.get('grace')).toEqual({ text: 'Dear grace', by: 'ana@post' });
  expect((await confirm(ana, id, anas)).error?.code).toBe('already_decided');
});

it('is carried out over the REST facade as well', async () => {
  const id = await ask('rosa');
  await world.approve(ben, id);
  const told = await world.rest(ana, '/mcp/confirm-operation', { operation_id: id }, anas);
  expect(told.result).toMatchObject({ status: 'applied' });
  expect(world.office.letters.get('rosa')?.by).toBe('ana@post');
});

it('is not the approver’s, though the approver sends one along', async () => {
  const open = await startWorld('header', { variables: { APPROVE_ON_PAGE_ONLY: 'false' } });
  try {
    const asked = await open.call(ana, 'send_letter', { to: 'linus', text: 'x' }, open.office.tokenOf('ana@post'));
    const operation_id = String(asked.result?.operation_id);
    const { approval_hash } = (await open.call(max, 'get_operation', { operation_id })).result ?? {};
    const answer = { operation_id, action: 'approve', approval_hash };
    const told = await open.call(max, 'approve_operation', answer, open.office.tokenOf('max@post'));
    expect(told.result).toMatchObject({ status: 'approved' });
    expect(open.office.letters.size).toBe(0);
    expect(open.office.calls.filter(({ by }) => by === 'max@post')).toEqual([]);
  } finally {
    await open.stop();
  }
});

it('nobody else can carry it out, with a token of theirs or with the requester’s', async () => {
  const id = await ask('ada');
  await world.approve(ben, id);
  for (const token of [bens, anas, undefined]) {
    expect((await confirm(max, id, token)).error?.code).toBe('access_denied');
    const told = await world.rest(max, '/mcp/confirm-operation', { operation_id: id }, token);
    expect([told.status, told.error?.code]).toEqual([403, 'access_denied']);
  }
  expect(await world.statusOf(ana, id)).toBe('approved');
  expect(world.office.letters.has('ada')).toBe(false);
  expect((await confirm(ana, id, anas)).result?.status).toBe('applied');
});

it('is not taken from one of two requests at once for the other', async () => {
  const mine = await Promise.all(
    Array.from({ length: 20 }, async (_, nth) => {
      const [who, token, account] = nth % 2 === 0 ? [ana, anas, 'ana@post'] : [ben, bens, 'ben@post'];
      const from = world.office.calls.length;
      await world.call(who, 'list_letters', {}, token);
      return world.office.calls.slice(from).some(({ by }) => by === account);
    }),
  );
  expect(mine).toEqual(mine.map(() => true));
  const [with_, without] = await Promise.all([
    world.call(ana, 'list_letters', {}, anas),
    world.call(ana, 'list_letters', {}),
  ]);
  expect([with_.error, without.error?.code]).toEqual([undefined, 'credentials_required']);
});

it('is left for upkeep to find nowhere: what waits is not applied by a timer, and expires', async () => {
  const id = await ask('late');
  await world.approve(ben, id);
  world.ahead = 2 * 3600 * 1000;
  await world.tasks[0].pipeline.resume(false);
  expect(await world.statusOf(ana, id)).toBe('approved');
  world.ahead = 73 * 3600 * 1000;
  expect((await confirm(ana, id, anas)).error?.code).toBe('request_expired');
  await world.tasks[0].pipeline.resume(false);
  world.ahead = 0;
  expect(await world.statusOf(ana, id)).toBe('expired');
  expect(world.office.letters.has('late')).toBe(false);
});

it('is the reverter’s own for a revert, and not the first requester’s', async () => {
  const id = await ask('undo');
  await world.approve(ben, id);
  await confirm(ana, id, anas);
  const maxs = world.office.tokenOf('max@post');
  const revert = (await world.call(max, 'rollback_operation', { operation_id: id }, maxs)).result;
  const revertId = String(revert?.operation_id);
  await world.approve(ben, revertId);
  expect((await confirm(ana, revertId, anas)).error?.code).toBe('access_denied');
  expect((await confirm(max, revertId, maxs)).result?.status).toBe('applied');
  expect(world.office.calls.filter(({ what }) => what.startsWith('PUT')).at(-1)?.by).toBe('max@post');
});

it('leaves no token in any row, record, line, span or answer, whatever became of the calls', async () => {
  const everything = await world.everything();
  for (const kept of ['Dear grace', 'credentials_required', 'already_decided']) expect(everything).toContain(kept);
  const made = exporter.getFinishedSpans();
  expect(made.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['POST /mcp', 'tools/call send_letter', 'GET letters-post']),
  );
  const traced = inspect(
    made.map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links })),
    { depth: null, maxArrayLength: null },
  );
  expect(world.office.tokens.size).toBeGreaterThan(5);
  for (const token of world.office.tokens) for (const left of [everything, traced]) expect(left).not.toContain(token);
});
