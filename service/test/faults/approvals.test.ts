/** Approvals that must not count: each is refused and audited on every way it can be given, and nothing is written. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operation } from '../../src/operations/operation.ts';
import { sandboxPolicy } from '../../src/packs/tagging/sandbox/policy.ts';
import { all, parseMarkup } from '../rigs/markup.ts';
import { answersOn, Person } from '../rigs/person.ts';
import { type Outcome, Scene, untagged, type Way, ways } from './scene.ts';
import { at, toolErrorOf } from './wire.ts';

interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly told: RegExp;
}

const eachWay = it.each(ways.map((way) => [way] as const));

const refusedAs = (outcome: Outcome, way: Way, { code, status, told }: Refusal): void => {
  expect(outcome.told).toMatch(told);
  expect(outcome.status).toBe(way === 'mcp' ? 200 : status);
  if (way !== 'page') expect(outcome.code).toBe(code);
};

describe('An approval is refused and on record', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open({ APPROVAL_HOURS: '1' });
  });
  afterAll(() => scene?.watched.service.stop());

  eachWay('that was given before, by the same person, on %s', async (way) => {
    const operation = await scene.ask();
    await scene.approve(way, 'ben', operation);
    const applied = await scene.find(operation.operationId);
    expect(applied.status).toBe('applied');
    const again = await scene.approve(way, 'ben', operation);
    refusedAs(again, way, { code: 'already_decided', status: 409, told: /is applied; it no longer waits/ });
    expect(await scene.find(operation.operationId)).toEqual(applied);
    expect(await scene.refusals(operation.operationId)).toEqual(['ben approve already_decided']);
    expect(await scene.writes(operation.operationId)).toEqual(['started', 'success']);
  });

  eachWay('that was denied before, on %s', async (way) => {
    const operation = await scene.ask();
    await scene.post('ada', operation.operationId, {
      decision: 'deny',
      comment: 'Not these',
      approval_hash: operation.approvalHash,
    });
    const outcome = await scene.approve(way, 'ben', operation);
    refusedAs(outcome, way, { code: 'already_decided', status: 409, told: /is denied; it no longer waits/ });
    expect(await scene.refusals(operation.operationId)).toEqual(['ben approve already_decided']);
    expect(await scene.writes(operation.operationId)).toEqual([]);
  });

  eachWay('that comes too late, on %s', async (way) => {
    const operation = await scene.ask();
    scene.advance(3601);
    const outcome = await scene.approve(way, 'ben', operation);
    refusedAs(outcome, way, { code: 'request_expired', status: 409, told: /expired at .* Ask for the change again/ });
    expect((await scene.find(operation.operationId)).status).toBe('expired');
    const again = await scene.approve(way, 'ben', operation);
    refusedAs(again, way, { code: 'request_expired', status: 409, told: /is expired; it no longer waits/ });
    const late = 'ben approve request_expired';
    expect(await scene.refusals(operation.operationId)).toEqual([late, late]);
    expect(await scene.writes(operation.operationId)).toEqual([]);
    scene.advance(-3601);
  });

  eachWay('that comes from the requester, on %s', async (way) => {
    const operation = await scene.ask('max');
    const outcome = await scene.approve(way, 'max', operation);
    const told = /cannot countersign it. Ask another approver/;
    refusedAs(outcome, way, { code: 'self_approval_forbidden', status: 403, told });
    expect((await scene.find(operation.operationId)).status).toBe('awaiting-countersign');
    expect(await scene.refusals(operation.operationId)).toEqual(['max approve self_approval_forbidden']);
    expect(await scene.writes(operation.operationId)).toEqual([]);
  });

  eachWay('whose operation was changed in the store, on %s', async (way) => {
    const operation = await scene.ask();
    const [change] = operation.plan.changes;
    if (change === undefined) throw new Error('nothing is planned');
    const tampered = { ...change, after: { Owner: 'mallory@example.com' } };
    const row = await scene.watched.tables.get('operations', { operationId: operation.operationId });
    if (row === undefined) throw new Error('the operation is not stored');
    const record = { ...operation, plan: { ...operation.plan, changes: [tampered] } };
    await scene.watched.tables.put('operations', { ...row, record });
    const outcome = await scene.approve(way, 'ben', operation);
    const told = /no longer matches what was planned. Ask for the change again/;
    refusedAs(outcome, way, { code: 'arguments_changed', status: 409, told });
    expect(await scene.refusals(operation.operationId)).toEqual(['ben approve arguments_changed']);
    expect(await scene.writes(operation.operationId)).toEqual([]);
    expect(await scene.tagsOf(change.resourceId)).not.toHaveProperty('Owner');
  });

  it.each<[string, (operation: Operation) => Operation]>([
    [
      'its arguments',
      (operation) => ({ ...operation, arguments: { ...operation.arguments, tags: { Owner: 'm@example.com' } } }),
    ],
    ['its requester', (operation) => ({ ...operation, requester: { ...operation.requester, personId: 'ada' } })],
    [
      'its before-state',
      (operation) => ({
        ...operation,
        plan: {
          ...operation.plan,
          changes: operation.plan.changes.map((change) => ({ ...change, before: { Owner: 'x' } })),
        },
      }),
    ],
    ['its tool', (operation) => ({ ...operation, policyVersion: 'another' })],
  ])('whose operation lies about %s', async (_name, lie) => {
    const operation = await scene.ask();
    const row = await scene.watched.tables.get('operations', { operationId: operation.operationId });
    if (row === undefined) throw new Error('the operation is not stored');
    await scene.watched.tables.put('operations', { ...row, record: lie(operation) });
    const outcome = await scene.approve('rest', 'ben', operation);
    expect(outcome.code).toBe('arguments_changed');
    expect(await scene.writes(operation.operationId)).toEqual([]);
  });

  it.each(['mcp', 'rest', 'page'] as const)('of a plan that was replaced since it was read, on %s', async (way) => {
    const read = await scene.ask();
    const arn = read.plan.changes[0]?.resourceId ?? '';
    // Somebody tags it meanwhile: the first approval finds that and has it planned anew.
    const meanwhile = await scene.ask('max', [arn]);
    await scene.approve('rest', 'ben', meanwhile);
    await scene.approve('rest', 'ben', read);
    const planned = await scene.find(read.operationId);
    expect(planned.status).toBe('awaiting-countersign');
    expect(planned.approvalHash).not.toBe(read.approvalHash);
    const hash = { approval_hash: read.approvalHash };
    const caller = await scene.caller('ben');
    const { operationId } = read;
    if (way === 'page') {
      const { status, told } = await scene.approve('page', 'ben', read);
      expect([status, told]).toEqual([409, expect.stringMatching(/plan changed after it was shown to you/)]);
    } else if (way === 'rest') {
      const answer = await caller.rest('POST', '/mcp/confirm-operation', {
        operation_id: operationId,
        action: 'approve',
        ...hash,
      });
      expect([answer.status, at(answer.json, 'error', 'code')]).toEqual([409, 'arguments_changed']);
    } else {
      const request = { request_id: operationId, action: 'approve', ...hash };
      expect(toolErrorOf(await caller.tool('approve_bulk_tagging_request', request))).toMatchObject({
        code: 'arguments_changed',
      });
    }
    expect(await scene.find(operationId)).toEqual(planned);
    expect(await scene.refusals(operationId)).toContain('ben approve arguments_changed');
    expect(await scene.tagsOf(arn)).toMatchObject({
      Owner: at(meanwhile.arguments, 'tags', 'Owner'),
    });
  });

  it('that is a confirmation by the requester', async () => {
    const operation = await scene.ask();
    const { operationId, approvalHash } = operation;
    const told = /waits for another person's countersignature/;
    const ana = await scene.caller('ana');
    const tool = toolErrorOf(await ana.tool('confirm_operation', { operation_id: operationId }));
    expect(tool).toMatchObject({ code: 'access_denied', message: expect.stringMatching(told) });
    const rest = await ana.rest('POST', '/mcp/confirm-operation', { operation_id: operationId, action: 'confirm' });
    expect([rest.status, at(rest.json, 'error', 'code')]).toEqual([403, 'access_denied']);
    const page = await scene.post('ana', operationId, { decision: 'confirm', approval_hash: approvalHash });
    expect([page.status, page.told]).toEqual([403, expect.stringMatching(told)]);
    const refusal = 'ana confirm access_denied';
    expect(await scene.refusals(operationId)).toEqual([refusal, refusal, refusal]);
    expect((await scene.find(operationId)).status).toBe('awaiting-countersign');
  });

  it('that comes from people whose roles do not allow it', async () => {
    const operation = await scene.ask('max');
    const { operationId } = operation;
    for (const name of ['vera', 'ana'] as const) {
      const page = await scene.approve('page', name, operation);
      expect([page.status, page.told]).toEqual([403, expect.stringMatching(/needs the scope tag:approve/)]);
      const rest = await scene.approve('rest', name, operation);
      // The token says tag:approve; the person's roles do not.
      expect([rest.status, rest.told]).toEqual([403, expect.stringMatching(/access_denied/)]);
      expect((await scene.approve('mcp', name, operation)).status).toBe(403);
    }
    expect(await scene.refusals(operationId)).toEqual(['vera approve access_denied', 'ana approve access_denied']);
    expect((await scene.find(operationId)).status).toBe('awaiting-countersign');
  });

  it('that a page of somebody else made the approver send', async () => {
    const { operationId, approvalHash } = await scene.ask();
    const ben = new Person('ben');
    const url = `${scene.watched.service.url}/approvals/${operationId}`;
    const seen = await ben.open(url);
    expect(answersOn(seen)).toContain('approve');
    const form = { decision: 'approve', comment: '', approval_hash: approvalHash };
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const post = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
      ben.browser.request(url, { method: 'POST', body: new URLSearchParams(fields), headers: { ...type, ...headers } });
    const csrf = all(parseMarkup(seen.body), 'input', { name: 'csrf' })[0]?.attributes.value ?? '';
    expect((await post(form)).status).toBe(403);
    expect((await post({ ...form, csrf: 'guessed' })).status).toBe(403);
    expect((await post({ ...form, csrf }, { origin: 'https://evil.example' })).status).toBe(403);
    const json = JSON.stringify({ ...form, csrf });
    const asJson = await ben.browser.request(url, {
      method: 'POST',
      body: json,
      headers: { 'content-type': 'text/plain' },
    });
    expect(asJson.status).toBe(403);
    expect((await scene.find(operationId)).status).toBe('awaiting-countersign');
    // The form itself is good: only what was forged about it was refused.
    expect((await post({ ...form, csrf })).status).toBe(303);
    await scene.watched.service.running.pipeline.idle(10_000);
    expect((await scene.find(operationId)).status).toBe('applied');
  });

  it('that is given twice at the same moment: one of them applies it', async () => {
    const operation = await scene.ask();
    const outcomes = await Promise.all([
      scene.approve('page', 'ben', operation),
      scene.approve('mcp', 'ada', operation),
      scene.approve('rest', 'ben', operation),
      scene.approve('rest', 'ada', operation),
    ]);
    const refused = outcomes.filter(({ told }) => /moved by somebody else|no longer waits|being applied/.test(told));
    expect(refused).toHaveLength(3);
    expect((await scene.find(operation.operationId)).approvals).toHaveLength(1);
    expect(await scene.writes(operation.operationId)).toEqual(['started', 'success']);
  });

  it('whose resources moved since: nothing is written, and the new plan waits', async () => {
    const [one, two] = [untagged.at(-1) ?? '', untagged.at(-2) ?? ''];
    const operation = await scene.ask('ana', [one, two]);
    const other = await scene.ask('max', [two]);
    await scene.approve('rest', 'ada', other);
    const outcome = await scene.approve('mcp', 'ben', operation);
    expect(outcome.code).toBe('state_changed');
    expect(await scene.writes(operation.operationId)).toEqual([]);
    expect(await scene.refusals(operation.operationId)).toEqual(['ana write state_changed']);
    const waiting = await scene.find(operation.operationId);
    expect([waiting.status, waiting.approvals]).toEqual(['awaiting-countersign', []]);
    expect(await scene.tagsOf(one)).not.toHaveProperty('Owner');
  });
});

describe('An approval under another policy', () => {
  let scene: Scene;
  let folder: string;
  const { policy } = sandboxPolicy();
  const write = (version: string) => writeFile(join(folder, 'policy.json'), JSON.stringify({ ...policy, version }));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countersign-policy-'));
    await write('1');
    scene = await Scene.open({ TAG_POLICY_FILE: join(folder, 'policy.json') });
  });
  afterAll(async () => {
    await scene?.watched.service.stop();
    await rm(folder, { recursive: true });
  });

  it('is refused and audited on every way; each change is planned again and can then be approved', async () => {
    const operations = new Map<Way, Operation>();
    for (const way of ways) operations.set(way, await scene.ask());
    await write('2');
    await scene.watched.service.restart();
    for (const [way, operation] of operations) {
      const { operationId } = operation;
      const outcome = await scene.approve(way, 'ben', operation);
      const told = /policy changed since this was planned.*read the new plan/;
      refusedAs(outcome, way, { code: 'policy_changed', status: 409, told });
      expect(await scene.refusals(operationId)).toEqual(['ben approve policy_changed']);
      expect(await scene.writes(operationId)).toEqual([]);
      const planned = await scene.find(operationId);
      expect([planned.status, planned.approvals]).toEqual(['awaiting-countersign', []]);
      expect(planned.policyVersion).toMatch(/^2\+/);
      expect(planned.approvalHash).not.toBe(operation.approvalHash);
      await scene.approve(way, 'ben', planned);
      expect((await scene.find(operationId)).status).toBe('applied');
    }
  });
});
