/** What operators may set about who countersigns where, and how much an agent may ask. */

import { z } from 'zod';
import { ask, Compliance, Detail, Requested } from '../rigs/answers.ts';
import { textOn } from '../rigs/browser.ts';
import { ModernAgent, refusal } from '../rigs/clients.ts';
import { answersOn, Person } from '../rigs/person.ts';
import { everyone } from '../rigs/pipeline.ts';
import { RestAgent, RestClient } from '../rigs/rest.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';
import { ownerless, walk } from '../rigs/spine.ts';

const budget = 30;
let service: ServiceRig;
beforeAll(async () => {
  service = await startService({
    environment: {
      APPROVE_ON_PAGE_ONLY: 'true',
      ALLOW_SELF_CONFIRM: 'true',
      CONFIRM_BY_TOOL: 'true',
      BUDGET_CALLS_PER_HOUR: String(budget),
      LOOP_CALLS: '3',
    },
  });
});
afterAll(async () => {
  await service.stop();
  expect(service.faults()).toEqual([]);
});

const tags = { Owner: 'platform@example.com' };
/** An agent of a person, new to the service: its budget is its own. */
const agentOf = (name: 'ana' | 'max' | 'vera') => RestAgent.connect(service.url, new Person(name));
const state = async (operation_id: string) => ask(await agentOf('vera'), Detail, 'get_operation', { operation_id });

describe('APPROVE_ON_PAGE_ONLY', () => {
  it('refuses a countersignature that does not come from the page, and takes the one that does', async () => {
    const agent = await agentOf('ana');
    const ben = new Person('ben');
    const second = await ModernAgent.connect(service.url, ben);
    const program = await RestClient.connect(service.url, 'ben', 'tag:read tag:approve');
    const countersign = async (operation_id: string, approvalUrl: string) => {
      const byTool = second.call('approve_bulk_tagging_request', { request_id: operation_id, action: 'approve' });
      expect(await refusal(byTool)).toBe('page_required');
      const byRest = await program.post('/mcp/confirm-operation', { operation_id, action: 'approve' });
      expect([byRest.status, byRest.body.error]).toEqual([403, expect.objectContaining({ code: 'page_required' })]);
      await ben.answer(approvalUrl, 'approve');
    };
    await walk({ agent, countersign });
    await second.close();
  });

  it('still lets an agent deny', async () => {
    const agent = await agentOf('ana');
    const args = { resource_arns: await ownerless(agent, 1), tags };
    const { request_id } = await ask(agent, Requested, 'bulk_tag_resources', args);
    const second = await ModernAgent.connect(service.url, new Person('ben'));
    const deny = { request_id, action: 'deny', comment: 'Not these' };
    expect(await second.call('approve_bulk_tagging_request', deny)).toMatchObject({
      status: 'denied',
      executed: false,
    });
    await second.close();
  });
});

describe('ALLOW_SELF_CONFIRM', () => {
  const unapproved = async (agent: RestAgent) => {
    const args = { resource_arns: await ownerless(agent, 2), tags, approval_required: false, reason: 'A small one' };
    const request = await ask(agent, Requested, 'bulk_tag_resources', args);
    expect(request.status).toBe('pending_confirmation');
    return request;
  };

  it('lets the requester confirm what needs no second person, with confirm_operation, and undo it the same way', async () => {
    const agent = await agentOf('ana');
    const { request_id: operation_id } = await unapproved(agent);
    const max = await agentOf('max');
    expect(await refusal(max.call('confirm_operation', { operation_id }))).toBe('access_denied');
    expect(await refusal(agent.call('confirm_operation', { operation_id }))).toBe('invalid_input');
    const { approval_hash } = await ask(agent, Detail, 'get_operation', { operation_id });
    const confirmed = await ask(agent, Detail, 'confirm_operation', { operation_id, approval_hash });
    expect(confirmed).toMatchObject({ status: 'applied', result: { applied: 2 } });
    expect(confirmed.approvals).toMatchObject([{ by: 'ana@example.com', decision: 'confirm' }]);

    const revert = await ask(agent, Detail, 'rollback_operation', { operation_id });
    expect(revert).toMatchObject({ status: 'awaiting-confirmation' });
    const { approval_hash: shown } = revert;
    await agent.call('confirm_operation', { operation_id: revert.operation_id, approval_hash: shown });
    expect(await state(operation_id)).toMatchObject({ status: 'reverted' });
  });

  it('also on the page, and over REST with the hash of the plan that was shown', async () => {
    const ana = new Person('ana');
    const agent = await RestAgent.connect(service.url, ana);
    const onPage = await unapproved(agent);
    expect(answersOn(await new Person('ben').open(onPage.approval_url))).toEqual(['deny']);
    const done = await ana.answer(onPage.approval_url, 'confirm');
    expect(textOn(done)).toContain('You confirmed this. 2 of 2 resources were changed.');

    const revert = await ask(agent, Detail, 'rollback_operation', { operation_id: onPage.request_id });
    const confirm = (approval_hash: string) =>
      agent.rest.post('/mcp/confirm-operation', { operation_id: revert.operation_id, approval_hash });
    const other = await confirm('0'.repeat(64));
    expect([other.status, other.body.error]).toEqual([409, expect.objectContaining({ code: 'arguments_changed' })]);
    expect((await confirm(revert.approval_hash)).body.operation).toMatchObject({ status: 'applied' });
  });

  it('takes nothing back from the others: whoever asks for a second person waits for one', async () => {
    const agent = await agentOf('ana');
    const args = { resource_arns: await ownerless(agent, 1), tags };
    const { request_id, status } = await ask(agent, Requested, 'bulk_tag_resources', args);
    expect(status).toBe('pending_approval');
    expect(await refusal(agent.call('confirm_operation', { operation_id: request_id }))).toBe('access_denied');
  });
});

describe('limits', () => {
  it('LOOP_CALLS stops the same call over and over for five minutes, and dry runs are not counted', async () => {
    const agent = await agentOf('vera');
    for (let time = 0; time < 6; time++) await agent.call('check_tag_compliance', { dry_run: true });
    for (let time = 0; time < 3; time++) await agent.call('get_tagging_policy');
    expect(await refusal(agent.call('get_tagging_policy'))).toBe('loop_detected');
    service.advance(301);
    expect(await refusal(agent.call('get_tagging_policy'))).toBe('answered');
    expect(await refusal(agent.call('list_pending_operations'))).toBe('answered');
  });

  it('BUDGET_CALLS_PER_HOUR ends what one agent may ask, and says when it may again', async () => {
    const agent = await agentOf('vera');
    for (let limit = 1; limit <= budget; limit++) await agent.call('get_audit_log', { limit });
    const { status, body } = await agent.rest.execute('get_tagging_policy');
    expect(status).toBe(429);
    const refused = z
      .looseObject({ error: z.looseObject({ code: z.string(), details: z.looseObject({}) }) })
      .parse(body);
    expect(refused.error).toMatchObject({
      code: 'budget_exhausted',
      details: { retry_after_seconds: expect.any(Number) },
    });
    expect(await refusal(agent.call('check_tag_compliance', { dry_run: true }))).toBe('answered');
    // Another client of the same person has a budget of its own.
    expect(await refusal((await agentOf('vera')).call('get_tagging_policy'))).toBe('answered');
  });
});

describe('MAX_RESOURCES_WITHOUT_APPROVAL', () => {
  const Question = z.looseObject({
    clarification_needed: z.literal(true),
    approval_required: z.union([z.literal(false), z.looseObject({ approval_token: z.string() })]),
    ambiguities: z.array(z.looseObject({ parameter: z.string() })),
    intent_commit: z.looseObject({ intent_id: z.string(), estimated_scope: z.looseObject({ resources: z.number() }) }),
  });
  const scan = 'check_tag_compliance';

  it('has a bigger scan questioned first, and lets it run once with the answer’s approval_token', async () => {
    await service.restart({ MAX_RESOURCES_WITHOUT_APPROVAL: '100' });
    const agent = await agentOf('vera');
    const question = await ask(agent, Question, scan);
    const { approval_token } = question.approval_required || {};
    expect(question.ambiguities.map(({ parameter }) => parameter).sort()).toEqual(['regions', 'resource_types']);
    const { intent_id, estimated_scope } = question.intent_commit;
    expect(await refusal(agent.call(scan, { intent_id }))).toBe('invalid_input');
    expect(estimated_scope.resources).toBeGreaterThan(400);
    expect(await refusal(agent.call(scan, { approval_token, regions: ['us-east-1'] }))).toBe('not_found');
    const max = await agentOf('max');
    expect(await refusal(max.call(scan, { approval_token }))).toBe('not_found');
    expect(await ask(agent, Compliance, scan, { approval_token })).toMatchObject({ accounts_scanned: 3 });
    expect(await refusal(agent.call(scan, { approval_token }))).toBe('not_found');
  });

  it('lets a small one run at once', async () => {
    const agent = await agentOf('vera');
    const small = { resource_types: ['rds:db'], regions: ['us-east-1'] };
    expect((await ask(agent, Compliance, scan, small)).total_resources).toBeLessThan(50);
  });

  it('is beside the point with CLARIFY=always: what was left out is asked for', async () => {
    await service.restart({ CLARIFY: 'always' });
    const agent = await agentOf('vera');
    const question = await ask(agent, Question, scan, { resource_types: ['rds:db'] });
    expect(question.approval_required).toBe(false);
    expect(question.ambiguities.map(({ parameter }) => parameter)).toEqual(['regions']);
    const clear = { resource_types: ['rds:db'], regions: ['us-east-1'] };
    const commit = await ask(agent, Question, scan, clear);
    expect(commit.ambiguities).toEqual([]);
    const { intent_id } = commit.intent_commit;
    const told = await ask(agent, Compliance, scan, { ...clear, intent_id, original_request: 'the databases' });
    expect(told.total_resources).toBeGreaterThan(0);
  });
});

describe('a setting that cannot be', () => {
  it('keeps the service from starting, and names each variable', async () => {
    const wrong = { PORT: 'many', STORE: 'postgres', METRICS_FORMAT: 'words' };
    await expect(service.restart(wrong)).rejects.toThrow(/PORT must be[\s\S]*METRICS_FORMAT must be/);
    await expect(startService({ environment: { STORE: 'postgres', ENVIRONMENT: 'prod' } })).rejects.toThrow(
      /DATABASE_URL is required[\s\S]*ENCRYPTION_KEY is required[\s\S]*SSO_ISSUER is required[\s\S]*PUBLIC_URL must be https/,
    );
  });
});

describe('CONFIRM_BY_TOOL', () => {
  beforeAll(() => service.restart({ ALLOW_SELF_CONFIRM: 'true' }));

  it('is off by default: an agent confirms nothing for its person, who does it on the page', async () => {
    const ana = new Person('ana');
    const agent = await RestAgent.connect(service.url, ana);
    const args = { resource_arns: await ownerless(agent, 1), tags, approval_required: false };
    const { request_id: operation_id, approval_url } = await ask(agent, Requested, 'bulk_tag_resources', args);
    const { approval_hash } = await ask(agent, Detail, 'get_operation', { operation_id });
    const confirm = { operation_id, approval_hash };
    expect(await refusal(agent.call('confirm_operation', confirm))).toBe('page_required');
    const byRest = await agent.rest.post('/mcp/confirm-operation', confirm);
    expect([byRest.status, byRest.body.error]).toEqual([403, expect.objectContaining({ code: 'page_required' })]);
    expect(await state(operation_id)).toMatchObject({ status: 'awaiting-confirmation' });
    expect(textOn(await ana.answer(approval_url, 'confirm'))).toContain('You confirmed this. 1 of 1 resource was');
    const revert = await ask(agent, Detail, 'rollback_operation', { operation_id });
    await ana.answer(revert.approval_url, 'confirm');
  });
});

// Last, for they turn the clock.
describe('what waits too long', () => {
  beforeAll(() => service.restart({ ALLOW_SELF_CONFIRM: 'true' }));

  it('asks an approver who signed in a while ago to sign in again, and only then to answer', async () => {
    const agent = await agentOf('ana');
    const args = { resource_arns: await ownerless(agent, 1), tags };
    const { approval_url } = await ask(agent, Requested, 'bulk_tag_resources', args);
    const ben = new Person('ben');
    const early = await ben.open(approval_url);
    service.advance(901);
    expect(answersOn(await ben.open(approval_url))).toEqual([]);
    const stale = await ben.browser.submit(early, { decision: 'approve', comment: '' });
    expect(stale.url.pathname).toBe('/sign-in');
    expect(textOn(await ben.answer(approval_url, 'approve'))).toContain('You approved this.');
  });

  it('can be confirmed for five minutes and not after', async () => {
    const agent = await agentOf('ana');
    const args = { resource_arns: await ownerless(agent, 1), tags, approval_required: false };
    const { request_id: operation_id } = await ask(agent, Requested, 'bulk_tag_resources', args);
    service.advance(301);
    expect(await refusal(agent.call('confirm_operation', { operation_id }))).toBe('request_expired');
    expect(await state(operation_id)).toMatchObject({ status: 'expired' });
  });

  it('can be countersigned for three days and not after', async () => {
    const agent = await agentOf('ana');
    const args = { resource_arns: await ownerless(agent, 1), tags: { Owner: 'late@example.com' } };
    const { request_id, approval_url } = await ask(agent, Requested, 'bulk_tag_resources', args);
    service.advance(72 * 3600 + 1);
    const page = await new Person('ben').open(approval_url);
    expect(answersOn(page)).toEqual([]);
    await service.running.pipeline.resume(false);
    expect(await service.running.pipeline.seenBy(everyone).get(request_id)).toMatchObject({ status: 'expired' });
  });
});
