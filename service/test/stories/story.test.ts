/**
 * The first story, as a newcomer and a company live it: an agent reads, wants a change, and steps up; another person
 * countersigns; the change is applied, audited and taken back. The service is restarted in the middle and at the end.
 */
import { z } from 'zod';
import {
  AuditPage,
  ask,
  Compliance,
  complianceNow,
  Detail,
  Preview,
  Requested,
  stepsOf,
  Untagged,
} from '../rigs/answers.ts';
import { textOn } from '../rigs/browser.ts';
import { ModernAgent, refusal } from '../rigs/clients.ts';
import { answersOn, Person } from '../rigs/person.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';

const metadataDocument = 'https://agents.example.com/housekeeper.json';
const Json = z.record(z.string(), z.unknown());

/** The document a client publishes about itself. */
const publish = async (input: string | URL | Request): Promise<Response> => {
  if (String(input) !== metadataDocument) throw new Error(`nothing is published at ${String(input)}`);
  return Response.json({
    client_id: metadataDocument,
    client_name: 'Published housekeeper',
    redirect_uris: ['http://127.0.0.1:7788/callback'],
    token_endpoint_auth_method: 'none',
  });
};

let service: ServiceRig;
let agent: ModernAgent;
const ana = new Person('ana');
const ben = new Person('ben');
/** What one step leaves for the next. */
const left = { arns: [''], score: 0, gap: 0, request: '', approvalUrl: '', interloper: '' };
const wanted = { Owner: 'platform@example.com' };

beforeAll(async () => {
  service = await startService({ overrides: { fetch: publish } });
});
afterAll(async () => {
  await agent.close();
  await service.stop();
  expect(service.faults()).toEqual([]);
});

const getJson = async (path: string) => Json.parse(await (await fetch(`${service.url}${path}`)).json());
const operation = (operationId: string) => ask(agent, Detail, 'get_operation', { operation_id: operationId });
/** Tags of the chosen resources, as the estate has them now. */
const ownersNow = async () => {
  const { preview } = await ask(agent, Preview, 'preview_bulk_tagging', { resource_arns: left.arns, tags: wanted });
  return preview.resources.map(({ current_tags }) => current_tags.Owner);
};

describe('1. connecting', () => {
  it('is answered 401 with where to sign in, and what for: reading', async () => {
    const answer = await fetch(`${service.url}/mcp`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(401);
    const metadata = `${service.url}/.well-known/oauth-protected-resource/mcp`;
    expect(answer.headers.get('www-authenticate')).toBe(`Bearer scope="tag:read", resource_metadata="${metadata}"`);
    const resource = await getJson('/.well-known/oauth-protected-resource/mcp');
    expect(resource).toMatchObject({
      resource: `${service.url}/mcp`,
      authorization_servers: [service.url],
      scopes_supported: ['tag:read'],
    });
    expect(await getJson('/.well-known/oauth-authorization-server')).toMatchObject({
      issuer: service.url,
      code_challenge_methods_supported: ['S256'],
      client_id_metadata_document_supported: true,
      authorization_response_iss_parameter_supported: true,
      registration_endpoint: `${service.url}/oauth/register`,
    });
  });

  it('a client registers itself, asks to read, and a person signs in and allows it', async () => {
    agent = await ModernAgent.connect(service.url, ana);
    expect(agent.client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
    expect(agent.host.asked).toHaveLength(1);
    expect(Object.fromEntries(agent.host.asked[0]?.searchParams ?? [])).toMatchObject({
      scope: 'tag:read',
      resource: `${service.url}/mcp`,
      code_challenge_method: 'S256',
    });
    expect(ana.browser.visited.filter((visit) => visit.endsWith('/sign-in'))).toEqual(['200 /sign-in', '303 /sign-in']);
    expect(agent.host.tokens()).toMatchObject({ scope: 'tag:read', expires_in: 3600 });
  });

  it('a client may publish its metadata in place of registering', async () => {
    const vera = new Person('vera');
    const published = await ModernAgent.connect(service.url, vera, { clientMetadataUrl: metadataDocument });
    expect(published.host.asked[0]?.searchParams.get('client_id')).toBe(metadataDocument);
    expect(await published.tools()).toContain('check_tag_compliance');
    await published.close();
  });
});

describe('2. reading', () => {
  it('check_tag_compliance scans three accounts, tells how far it is, and answers with numbers and what they rest on', async () => {
    const told: { progress: number; total?: number }[] = [];
    const onprogress = (progress: { progress: number; total?: number }) => void told.push(progress);
    const report = await ask(agent, Compliance, 'check_tag_compliance', {}, { onprogress });
    expect(told.length).toBeGreaterThan(60);
    expect(told.map(({ progress }) => progress)).toEqual(told.map((_, at) => at));
    expect(told.at(-1)).toMatchObject({ progress: 63, total: 63 });

    expect(report.total_resources).toBeGreaterThan(430);
    expect(report.total_resources).toBeLessThan(470);
    expect(report.compliance_score).toBeCloseTo(report.compliant_resources / report.total_resources, 3);
    expect(report.compliance_score).toBeGreaterThan(0.5);
    expect(report.compliance_score).toBeLessThan(0.9);
    expect(report.violations.length).toBeLessThanOrEqual(report.total_violations);
    expect(new Set(report.violations.map((each) => each.violation_type)).size).toBeGreaterThan(1);
    expect(report.cost_attribution_gap).toBeGreaterThan(1000);
    expect(report.data_quality).toMatchObject({ status: 'complete', cost_data: 'complete', failed_accounts: [] });
    expect(report.accounts_scanned).toBe(3);
    const names = Object.values(report.results_by_account ?? {}).map((account) => account.account_name);
    expect(names).toEqual(['Production', 'Staging', 'Development']);
    expect(Object.keys(report.regional_breakdown).sort()).toEqual(['eu-west-1', 'us-east-1', 'us-west-2']);
    left.score = report.compliance_score ?? 0;
    left.gap = report.cost_attribution_gap ?? 0;
  });

  it('says what it assumed, for the call named nothing', async () => {
    const { content } = await agent.ask((client) => client.callTool({ name: 'check_tag_compliance', arguments: {} }));
    const texts = content.map((part) => (part.type === 'text' ? part.text : ''));
    expect(texts.slice(1).map((text) => text.split(' = ')[0])).toEqual([
      'Assumed resource_types',
      'Assumed regions',
      'Assumed accounts',
    ]);
  });

  it('find_untagged_resources lists what lacks tags, dearest first when costs are asked for', async () => {
    const found = await ask(agent, Untagged, 'find_untagged_resources', { include_costs: true, limit: 200 });
    expect(found.total_untagged).toBeGreaterThan(50);
    const costs = found.resources.map((each) => each.monthly_cost_estimate ?? 0);
    expect(costs).toEqual(costs.toSorted((a, b) => b - a));
    // Only their owner is missing, so that naming it makes each of them compliant.
    const ownerless = found.resources.filter(({ missing_required_tags: missing }) => missing.join() === 'Owner');
    left.arns = ownerless.slice(0, 12).map(({ arn }) => arn);
    expect(left.arns).toHaveLength(12);
  });

  it('get_tagging_policy says what the tags are judged by', async () => {
    const { policy, source, version } = await agent.call('get_tagging_policy');
    expect(source).toBe('sandbox');
    expect(version).toMatch(/^2\.1\+/);
    expect(z.looseObject({ required_tags: z.array(z.looseObject({ name: z.string() })) }).parse(policy)).toMatchObject({
      required_tags: [
        { name: 'CostCenter' },
        { name: 'Owner' },
        { name: 'Environment' },
        { name: 'DataClassification' },
      ],
    });
  });
});

describe('3. previewing', () => {
  it('preview_bulk_tagging shows compliance now and then, and each resource before and after', async () => {
    const args = { resource_arns: left.arns, tags: wanted };
    const { preview } = await ask(agent, Preview, 'preview_bulk_tagging', args);
    expect(preview).toMatchObject({ resources_affected: 12, resources_expected_to_fail: 0, resources_gained: 12 });
    expect(preview.current_compliance).toBe(left.score);
    expect(preview.projected_compliance).toBeGreaterThan(left.score);
    for (const { current_tags, new_tags, tags_added } of preview.resources) {
      expect(current_tags.Owner).toBeUndefined();
      expect(new_tags).toEqual({ ...current_tags, ...wanted });
      expect(tags_added).toEqual(['Owner']);
    }
  });
});

describe('4. asking for a change', () => {
  it('is answered 403 to a token that may only read, with the scopes to ask for and the page to go to', async () => {
    const answer = await fetch(`${service.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${agent.host.tokens()?.access_token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'bulk_tag_resources', arguments: { resource_arns: left.arns, tags: wanted } },
      }),
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    expect(answer.headers.get('www-authenticate')).toContain('scope="tag:read tag:write"');
    const { step_up_url, ...body } = Json.parse(await answer.json());
    expect(body).toMatchObject({ error: 'insufficient_scope', required_scope: 'tag:write' });
    const url = new URL(String(step_up_url));
    expect([url.origin, url.pathname, url.searchParams.get('scope')]).toEqual([service.url, '/step-up', 'tag:write']);
  });

  it('the client steps up: its person signs in again, allows writing, and the change waits for a countersignature', async () => {
    const reason = 'Nobody answers for these; the platform team takes them.';
    const request = await ask(agent, Requested, 'bulk_tag_resources', {
      resource_arns: left.arns,
      tags: wanted,
      reason,
    });
    expect(agent.host.asked).toHaveLength(2);
    expect(agent.host.asked[1]?.searchParams.get('scope')).toBe('tag:read tag:write');
    expect(ana.browser.visited.filter((visit) => visit === '303 /sign-in')).toHaveLength(2);
    expect(agent.host.tokens()).toMatchObject({ scope: 'tag:read tag:write', expires_in: 900 });
    expect(request).toMatchObject({ status: 'pending_approval', resources_affected: 12 });
    expect(request.approval_url).toBe(`${service.url}/approvals/${request.request_id}`);
    expect(request.approvers).toContain('ben@example.com');
    left.request = request.request_id;
    left.approvalUrl = request.approval_url;
  });

  it('nothing is written yet', async () => {
    expect((await complianceNow(agent)).compliance_score).toBe(left.score);
    expect(await operation(left.request)).toMatchObject({ status: 'awaiting-countersign', result: null });
  });
});

describe('7. a restart in the middle', () => {
  it('loses nothing: neither the agent’s token, nor the sign-in, the operation, the estate and the record', async () => {
    const before = await ask(agent, AuditPage, 'get_audit_log', { limit: 200 });
    await service.restart();
    expect(await operation(left.request)).toMatchObject({ status: 'awaiting-countersign' });
    expect(agent.host.asked).toHaveLength(2);
    const page = await ana.browser.open(left.approvalUrl);
    expect(page.url.pathname).toBe(`/approvals/${left.request}`);
    expect((await complianceNow(agent)).compliance_score).toBe(left.score);
    const after = await ask(agent, AuditPage, 'get_audit_log', { limit: 200 });
    const first = after.records.findIndex(({ sequence }) => sequence === before.records[0]?.sequence);
    expect(after.records.slice(first, first + 20)).toEqual(before.records.slice(0, 20));
  });
});

describe('5. countersigning', () => {
  it('is not for the requester: the page offers to withdraw, and a forged approval is refused', async () => {
    const page = await ana.open(left.approvalUrl);
    expect(answersOn(page)).toEqual(['deny']);
    const forged = await ana.browser.submit(page, { decision: 'approve', comment: '' });
    expect([forged.status, textOn(forged)]).toEqual([403, expect.stringContaining('cannot countersign it')]);
    const max = await ModernAgent.connect(service.url, new Person('max'));
    const own = await ask(max, Requested, 'bulk_tag_resources', { resource_arns: left.arns.slice(0, 1), tags: wanted });
    // Max holds both roles, and still may not answer himself.
    const call = max.call('approve_bulk_tagging_request', { request_id: own.request_id, action: 'approve' });
    expect(await refusal(call)).toBe('self_approval_forbidden');
    await max.call('confirm_operation', { operation_id: own.request_id, action: 'withdraw' });
    await max.close();
    expect(await operation(left.request)).toMatchObject({ status: 'awaiting-countersign' });
  });

  it('the approver reads what changes, for whom, why, what it affects and costs, and whether it can be reverted', async () => {
    const page = await ben.open(left.approvalUrl);
    const text = textOn(page);
    for (const words of [
      'Set Owner="platform@example.com" on 12 resources',
      'Ana the analyst',
      'Nobody answers for these; the platform team takes them.',
      'Tag compliance',
      'Unattributed spend',
      'Can be revertedYes.',
      'free of charge',
      'platform@example.com',
    ])
      expect(text).toContain(words);
    for (const arn of left.arns) expect(text).toContain(arn);
    expect(answersOn(page)).toEqual(['approve', 'deny']);
  });

  it('approves on the page, and the tags are written, read back and on record; the waiting agent is told', async () => {
    const told: (string | undefined)[] = [];
    const onprogress = ({ message }: { message?: string }) => void told.push(message);
    const wait = { operation_id: left.request, seconds: 20 };
    expect(await agent.call('wait_for_operation', { ...wait, seconds: 1 })).toMatchObject({
      ...{ decided: false, outcome: 'pending_approval', approval_url: left.approvalUrl },
    });
    const waited = ask(agent, z.looseObject({}), 'wait_for_operation', wait, { onprogress });
    const page = await ben.answer(left.approvalUrl, 'approve', 'Agreed with the platform team.');
    expect(textOn(page)).toContain('12 of 12 resources were changed.');
    expect(await waited).toMatchObject({ decided: true, status: 'applied', outcome: 'executed' });
    expect(told.at(-1)).toMatch(/appl/);
    const applied = await operation(left.request);
    expect(applied).toMatchObject({ status: 'applied', result: { applied: 12, failed: 0, skipped: 0 } });
    expect(applied.approvals).toMatchObject([
      { by: 'ben@example.com', decision: 'approve', comment: 'Agreed with the platform team.', via: 'page' },
    ]);
    expect(await ownersNow()).toEqual(left.arns.map(() => wanted.Owner));
  });

  it('cannot be answered twice', async () => {
    expect(answersOn(await ben.open(left.approvalUrl))).toEqual([]);
  });
});

describe('6. afterwards', () => {
  it('compliance reads higher, and less spend is nobody’s', async () => {
    const report = await complianceNow(agent);
    expect(report.compliance_score).toBeGreaterThan(left.score);
    expect(report.cost_attribution_gap).toBeLessThan(left.gap);
  });

  it('get_audit_log tells the whole way, with the state before and after', async () => {
    const records = await stepsOf(agent, left.request, { resources: 500 });
    expect(records.toReversed().map(({ userId, action, result }) => `${userId} ${action} ${result}`)).toEqual([
      'ana plan success',
      'ana approve blocked',
      'ben approve success',
      'ana write started',
      'ana write success',
    ]);
    const [written] = records;
    expect(Object.keys(written?.before ?? {}).sort()).toEqual(left.arns.toSorted());
    for (const arn of left.arns) {
      expect(written?.before?.[arn]).toEqual({ Owner: null });
      expect(written?.after?.[arn]).toEqual(wanted);
    }
  });

  it('rollback_operation is refused while somebody else’s change lies on top', async () => {
    const args = { resource_arns: left.arns.slice(0, 2), tags: { Owner: 'data@example.com' } };
    const other = await ask(agent, Requested, 'bulk_tag_resources', args);
    await ben.answer(other.approval_url, 'approve');
    left.interloper = other.request_id;
    const call = agent.call('rollback_operation', { operation_id: left.request });
    await expect(call).rejects.toMatchObject({ code: 'state_changed', details: { resources: left.arns.slice(0, 2) } });
    expect(await operation(left.request)).toMatchObject({ status: 'applied' });
  });

  it('a planned revert fails if the tags move before it is countersigned', async () => {
    const revert = await ask(agent, Detail, 'rollback_operation', { operation_id: left.interloper });
    expect(revert).toMatchObject({ status: 'awaiting-countersign', reverts: left.interloper });
    const third = await ask(agent, Requested, 'bulk_tag_resources', {
      resource_arns: left.arns.slice(0, 1),
      tags: { Owner: 'web@example.com' },
    });
    await ben.answer(third.approval_url, 'approve');
    await ben.answer(revert.approval_url, 'approve');
    expect(await operation(revert.operation_id)).toMatchObject({
      status: 'failed',
      note: '1 of 2 resources changed after this was planned. Ask for the revert again.',
    });
    const undone = await ask(agent, Detail, 'rollback_operation', { operation_id: third.request_id });
    await ben.answer(undone.approval_url, 'approve');
    expect((await ownersNow()).filter((owner) => owner === 'data@example.com')).toHaveLength(2);
  });

  it('restores each resource after a countersignature of its own', async () => {
    for (const operationId of [left.interloper, left.request]) {
      const args = { operation_id: operationId, reason: 'Asked too early' };
      const revert = await ask(agent, Detail, 'rollback_operation', args);
      expect(answersOn(await ana.open(revert.approval_url))).toEqual(['deny']);
      await ben.answer(revert.approval_url, 'approve');
      expect(await operation(revert.operation_id)).toMatchObject({ status: 'applied', reverts: operationId });
      expect(await operation(operationId)).toMatchObject({ status: 'reverted', reverted_by: revert.operation_id });
    }
    expect(await ownersNow()).toEqual(left.arns.map(() => undefined));
    const report = await complianceNow(agent);
    expect([report.compliance_score, report.cost_attribution_gap]).toEqual([left.score, left.gap]);
  });

  it('list_pending_operations and confirm_operation show and take back what waits', async () => {
    const pending = z.looseObject({ operations: z.array(z.looseObject({ operation_id: z.string() })) });
    expect(await ask(agent, pending, 'list_pending_operations')).toMatchObject({ operations: [] });
    const asked = await ask(agent, Requested, 'bulk_tag_resources', { resource_arns: left.arns, tags: wanted });
    expect((await ask(agent, pending, 'list_pending_operations')).operations).toMatchObject([
      { operation_id: asked.request_id, status: 'awaiting-countersign', requested_by: 'ana@example.com' },
    ]);
    const confirm = (action: string) => agent.call('confirm_operation', { operation_id: asked.request_id, action });
    expect(await refusal(confirm('confirm'))).toBe('access_denied');
    expect(await confirm('withdraw')).toMatchObject({ status: 'withdrawn' });
    expect(await ask(agent, pending, 'list_pending_operations')).toMatchObject({ operations: [] });
  });
});

describe('7. a restart at the end', () => {
  it('keeps every operation, the estate and an audit log that is whole', async () => {
    const seen = () => Promise.all([left.request, left.interloper].map(operation));
    const [before, log] = [await seen(), await ask(agent, AuditPage, 'get_audit_log', { limit: 200 })];
    await service.restart();
    expect(await seen()).toEqual(before);
    expect((await complianceNow(agent)).compliance_score).toBe(left.score);
    const records = (await ask(agent, AuditPage, 'get_audit_log', { limit: 200 })).records;
    expect(records).toEqual(expect.arrayContaining(log.records.slice(0, 100)));
    const sequences = records.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, at) => (sequences[0] ?? 0) - at));
  });

  it('leaves no token and no code in the log', async () => {
    const text = service.log.join('');
    const { access_token, refresh_token = 'none' } = agent.host.tokens() ?? { access_token: 'none' };
    expect(text).toContain('listening');
    for (const secret of [access_token, refresh_token, ben.browser.cookie('countersign') ?? 'none'])
      expect(text).not.toContain(secret);
  });

  it('asked the person to sign in only twice', () => {
    expect(agent.host.asked).toHaveLength(2);
  });
});
