/** What a model has to read: the catalogue, and each tool's answer by default, over the whole sandbox estate. */
import { generateEstate } from '../../src/packs/tagging/sandbox/generate.ts';
import { ask, Detail, Requested } from '../rigs/answers.ts';
import { FirstAgent, ModernAgent } from '../rigs/clients.ts';
import { Person } from '../rigs/person.ts';
import { putAudit } from '../rigs/scheduled-audit.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';
import { taggingCalls } from '../rigs/tagging-calls.ts';

let service: ServiceRig;
/** May do everything. */
let ada: ModernAgent;
let first: FirstAgent;
/** An operation on every resource there is. */
let operation: string;

const arns = generateEstate(new Date())
  .filter(({ state }) => state !== 'terminated')
  .map(({ arn }) => arn);
const tags = { Application: 'one name for all of them', CostCenter: 'Platform', Backup: 'daily' };
const reason = 'Every resource gets the same three tags, so that the longest plan of this estate is made.';

beforeAll(async () => {
  service = await startService();
  await putAudit(service.running.state.tables);
  [ada, first] = await Promise.all([
    ModernAgent.connect(service.url, new Person('ada')),
    FirstAgent.connect(service.url, new Person('ana')),
  ]);
  operation = (await ask(ada, Requested, 'bulk_tag_resources', { resource_arns: arns, tags, reason })).request_id;
  for (const at of Array.from({ length: 25 }, (_, each) => each))
    await ask(ada, Requested, 'bulk_tag_resources', { resource_arns: arns.slice(at, at + 20), tags, reason });
});
afterAll(async () => {
  await Promise.all([ada.close(), first.close()]);
  await service.stop();
});

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('the catalogue', () => {
  it('is at most 40 kB, and clients of 2026-07-28 may keep it for five minutes', async () => {
    const { tools, ...about } = await ada.ask((client) => client.listTools());
    expect(bytes({ tools, ...about })).toBeLessThanOrEqual(40_000);
    expect(about).toMatchObject({ ttlMs: 300_000, cacheScope: 'private' });
    expect(await first.client.listTools()).not.toHaveProperty('ttlMs');
  });
});

describe('by default', () => {
  const calls = (): Readonly<Record<string, Record<string, unknown>>> => ({
    ...taggingCalls,
    check_tag_compliance: {},
    find_untagged_resources: {},
    validate_resource_tags: { resource_arns: arns.slice(0, 100) },
    suggest_tags: { resource_arn: arns[0] },
    preview_bulk_tagging: { resource_arns: arns, tags },
    bulk_tag_resources: { resource_arns: arns, tags, reason },
    untag_resources: { resource_arns: arns, tag_keys: ['Environment'], reason },
    approve_bulk_tagging_request: { request_id: operation, action: 'deny', comment: 'no' },
    get_operation: { operation_id: operation },
    wait_for_operation: { operation_id: operation, seconds: 1 },
    list_pending_operations: {},
    approve_operation: { operation_id: operation, action: 'deny', comment: 'no' },
    confirm_operation: { operation_id: operation, action: 'withdraw' },
    rollback_operation: { operation_id: operation },
    decline_intent: { intent_id: 'int_0', because: 'no_longer_wanted' },
    get_audit_log: {},
  });

  it('each tool answers with at most 20 kB, and the same when it is tried dry', async () => {
    expect(await ada.tools()).toEqual(expect.arrayContaining(Object.keys(calls())));
    expect(await ada.tools()).toHaveLength(Object.keys(calls()).length);
    const sizes: Record<string, number> = {};
    for (const [name, args] of Object.entries(calls())) {
      const answer = await ada.ask((client) => client.callTool({ name, arguments: args }));
      const dry = await ada.ask((client) => client.callTool({ name, arguments: { ...args, dry_run: true } }));
      sizes[name] = Math.max(bytes(answer), bytes(dry));
    }
    expect(Object.entries(sizes).filter(([, size]) => size > 20_000)).toEqual([]);
  });

  it('a scan answers with counts, the first rows and a cursor', async () => {
    const answer = await ada.call('check_tag_compliance');
    expect(answer).toMatchObject({
      total_violations: expect.any(Number),
      violations_by: { tag: { CostCenter: expect.any(Number) }, resource_type: {}, account: {} },
      next_cursor: expect.any(String),
      assumed: [{ parameter: 'resource_types' }, { parameter: 'regions' }, { parameter: 'accounts' }],
    });
  });

  it('an operation tells what it leaves out: by cursor, and whole by its link', async () => {
    const asked = { operation_id: operation };
    const { content } = await ada.ask((client) => client.callTool({ name: 'get_operation', arguments: asked }));
    const uri = `countersign://operations/${operation}`;
    expect(content).toContainEqual(expect.objectContaining({ type: 'resource_link', uri }));
    const seen: string[] = [];
    let cursor: unknown;
    do {
      const page = await ask(ada, Detail, 'get_operation', { ...asked, ...(cursor === undefined ? {} : { cursor }) });
      expect(page).toMatchObject({ operation_uri: uri });
      seen.push(...page.changes.map(({ resource_id }) => resource_id));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    const whole = await ada.ask((client) => client.readResource({ uri }));
    const [document] = whole.contents;
    const { changes } = Detail.parse(JSON.parse(document !== undefined && 'text' in document ? document.text : ''));
    expect(seen.toSorted()).toEqual(changes.map(({ resource_id }) => resource_id).toSorted());
    expect(seen.length).toBeGreaterThan(400);
  });
});
