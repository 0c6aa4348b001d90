/**
 * The tools of tag governance beyond the first story: what each answers to clients of both SDKs and over the facade, and what its page
 * shows of it. One service for all, on the sandbox; a scan of everything is a job.
 */
import { z } from 'zod';
import { ask, Compliance, Detail } from '../rigs/answers.ts';
import { textOn } from '../rigs/browser.ts';
import { type Agent, FirstAgent, ModernAgent, refusal, type Structured } from '../rigs/clients.ts';
import { Person } from '../rigs/person.ts';
import { RestAgent } from '../rigs/rest.ts';
import { type ServiceRig, startService } from '../rigs/service.ts';
import { slowEstate } from '../rigs/slow-estate.ts';
import { ownerless } from '../rigs/spine.ts';

const estate = slowEstate({ resources: 300, seconds: 30, callMs: 40_000, waitMs: 300 });
const [ada, ben] = [new Person('ada'), new Person('ben')];
const clients = ['2026-07-28', 'the first SDK', 'the facade'] as const;
type ClientName = (typeof clients)[number];
let service: ServiceRig;
let agents: Readonly<Record<ClientName, Agent>>;
let checked: z.output<typeof Compliance>;
/** Lack an owner and nothing else: one for each client, and one for reads. */
let arns: string[];

beforeAll(async () => {
  service = await startService({ overrides: { packs: { tagging: estate.openPack } } });
  const [modern, first, rest] = await Promise.all([
    ModernAgent.connect(service.url, ada),
    FirstAgent.connect(service.url, new Person('ada')),
    RestAgent.connect(service.url, new Person('ada')),
  ]);
  agents = { '2026-07-28': modern, 'the first SDK': first, 'the facade': rest };
  // Hosts list the tools first, and from then on hold each answer against its schema.
  for (const agent of Object.values(agents)) await agent.tools();
  checked = Compliance.parse(await whole(modern, 'check_tag_compliance'));
  arns = await ownerless(modern, 4);
});
afterAll(async () => {
  estate.open();
  for (const agent of Object.values(agents)) await agent.close();
  await service.stop();
  expect(service.faults()).toEqual([]);
});

const Running = z.looseObject({ scan_job: z.looseObject({ status: z.literal('running') }), next_cursor: z.string() });

/** Reads a scan on until it is there, as an agent is told to. */
const whole = async (agent: Agent, tool: string, args: Structured = {}): Promise<Structured> => {
  for (let more: Structured = {}; ; ) {
    const answer = await agent.call(tool, { ...args, ...more });
    const running = Running.safeParse(answer);
    if (!running.success) return answer;
    more = { cursor: running.data.next_cursor };
  }
};
const page = async (path: string, person = ada): Promise<string> => textOn(await person.open(`${service.url}${path}`));
const dollars = (usd: number): string => usd.toLocaleString('en-US', { style: 'currency', currency: 'USD' });
const percent = (share: number | null): string => `${(100 * (share ?? Number.NaN)).toFixed(1)}%`;

const Gap = z.looseObject({ attribution_gap: z.number(), total_spend: z.number(), taggable_spend: z.number() });
const Drift = z.looseObject({
  total_drifts: z.number(),
  drift_detected: z.array(z.looseObject({ resource_arn: z.string(), tag: z.string(), severity: z.string() })),
});
const Exported = z.looseObject({ export_url: z.string(), row_count: z.number() });
const Suggested = z.looseObject({
  suggestions: z.array(z.looseObject({ tag_key: z.string(), suggested_value: z.string() })),
});
const Validated = z.looseObject({
  results: z.array(
    z.looseObject({
      resource_arn: z.string(),
      status: z.string(),
      violations: z.array(z.looseObject({ tag_name: z.string(), violation_type: z.string() })),
    }),
  ),
});
const nowhere = 'arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0';

/** A call of each read, and what must be true of its answer. */
const reads: readonly (readonly [tool: string, args: () => Structured, holds: (answer: Structured) => void])[] = [
  [
    'validate_resource_tags',
    () => ({ resource_arns: [arns[0], nowhere] }),
    (answer) => {
      expect(answer).toMatchObject({ total_resources: 1, non_compliant_resources: 1, not_judged: 1 });
      const missing = { violation_type: 'missing_required_tag', tag_name: 'Owner' };
      expect(answer.results).toMatchObject([
        { resource_arn: arns[0], status: 'ok', violations: [missing] },
        { resource_arn: nowhere, status: 'not_found', is_compliant: null },
      ]);
    },
  ],
  [
    'get_cost_attribution_gap',
    () => ({ group_by: 'account' }),
    (answer) => {
      expect(answer.attribution_gap).toBe(checked.cost_attribution_gap);
      const parts = Object.values(z.record(z.string(), z.looseObject({ gap: z.number() })).parse(answer.breakdown));
      expect(parts.reduce((sum, { gap }) => sum + gap, 0)).toBeCloseTo(Gap.parse(answer).attribution_gap, 2);
    },
  ],
  [
    'suggest_tags',
    () => ({ resource_arn: arns[0] }),
    (answer) => expect(Suggested.parse(answer).suggestions).toMatchObject([{ tag_key: 'Owner' }]),
  ],
  [
    'generate_compliance_report',
    () => ({ format: 'markdown' }),
    ({ content }) =>
      expect(content).toContain(
        `- Score: **${percent(checked.compliance_score)}** (${checked.compliant_resources} of ${checked.total_resources} resources)`,
      ),
  ],
  [
    'get_violation_history',
    () => ({ group_by: 'week' }),
    (answer) => expect(answer).toMatchObject({ trend_direction: 'improving', latest_score: checked.compliance_score }),
  ],
  [
    'detect_tag_drift',
    () => ({}),
    (answer) => {
      const { total_drifts, drift_detected } = Drift.parse(answer);
      expect(drift_detected).toHaveLength(total_drifts);
      expect(drift_detected[0]).toMatchObject({ severity: 'critical', drift_type: 'removed', new_value: null });
    },
  ],
  [
    'import_aws_tag_policy',
    () => ({}),
    (answer) =>
      expect(answer).toMatchObject({
        status: 'listed',
        available_policies: [{ policy_id: 'p-sandboxfinance1' }, { policy_id: 'p-sandboxdata0001' }],
      }),
  ],
];

describe('a read', () => {
  /** A facade has no texts beside its result, so that what was assumed is in it. */
  const compared = async (client: ClientName, tool: string, args: Structured) => {
    const { assumed: _assumed, cached: _cached, scan_job: _job, ...answer } = await whole(agents[client], tool, args);
    return answer;
  };

  it.each(reads)('%s answers every client the same, and what is true', async (tool, args, holds) => {
    const [modern, ...others] = await Promise.all(clients.map((client) => compared(client, tool, args())));
    holds(modern ?? {});
    for (const other of others) expect(other).toEqual(modern);
  });
});

describe('an export', () => {
  it.each(clients)(
    'asked for through %s is a file of all violations behind a link that asks who one is',
    async (client) => {
      const { export_url, row_count } = Exported.parse(await whole(agents[client], 'export_violations_csv'));
      expect(row_count).toBe(checked.total_violations);
      expect((await fetch(export_url, { redirect: 'manual' })).status).toBe(303);
      const file = await ben.open(export_url);
      expect(file.headers.get('content-type')).toContain('text/csv');
      expect(file.body.trimEnd().split('\r\n')).toHaveLength(row_count + 1);
    },
  );
});

const Audits = z.looseObject({ audits: z.array(z.looseObject({ schedule_id: z.string(), status: z.string() })) });
const Asked = z.looseObject({ request_id: z.string(), approval_url: z.string(), status: z.string() });
const AskedAudit = Asked.extend({ schedule_id: z.string() });

describe('a scheduled audit', () => {
  it('is asked for through one client, paused through another and deleted over the facade, each time once its admin confirms', async () => {
    const statuses = () =>
      Promise.all(
        clients.map(async (client) => {
          const { audits } = await ask(agents[client], Audits, 'list_compliance_audits');
          return audits.map(({ status }) => status).join();
        }),
      );
    const confirmed = async (client: ClientName, tool: string, args: Structured) => {
      const asked = await ask(agents[client], AskedAudit, tool, { ...args });
      expect(asked.status).toBe('pending_confirmation');
      await ada.answer(asked.approval_url, 'confirm');
      return { schedule_id: asked.schedule_id };
    };
    const weekly = { schedule: 'weekly', time: '07:15', timezone: 'Europe/Berlin' };
    const told = { recipients: ['ada@example.com', '#approvers'], format: 'both' };
    const id = await confirmed('2026-07-28', 'schedule_compliance_audit', { ...weekly, ...told });
    expect(await statuses()).toEqual(['active', 'active', 'active']);
    expect(await page('/audits')).toContain('every Monday at 07:15 (Europe/Berlin)');
    await confirmed('the first SDK', 'pause_compliance_audit', id);
    expect(await statuses()).toEqual(['paused', 'paused', 'paused']);
    await confirmed('the facade', 'delete_compliance_audit', id);
    expect(await statuses()).toEqual(['', '', '']);
  });
});

describe('a removal of tags', () => {
  const missing = async (agent: Agent, arn: string | undefined) => {
    const { results } = await ask(agent, Validated, 'validate_resource_tags', { resource_arns: [arn] });
    const found = results[0]?.violations.filter(({ violation_type: type }) => type === 'missing_required_tag');
    return found?.map(({ tag_name }) => tag_name).sort();
  };

  it.each(clients)('asked for through %s waits for a second person', async (client) => {
    const agent = agents[client];
    const arn = arns[1 + clients.indexOf(client)];
    const args = { resource_arns: [arn], tag_keys: ['Environment'], reason: 'It says another one on its bill.' };
    const asked = await ask(agent, Asked, 'untag_resources', args);
    expect([asked.status, await missing(agent, arn)]).toEqual(['pending_approval', ['Owner']]);
    expect(textOn(await ben.answer(asked.approval_url, 'approve'))).toContain('1 of 1 resource was changed.');
    expect(await missing(agent, arn)).toEqual(['Environment', 'Owner']);
    if (client !== 'the facade') return;
    const { approval_url } = await ask(agent, Detail, 'rollback_operation', { operation_id: asked.request_id });
    await ben.answer(approval_url, 'approve');
    expect(await missing(agent, arn)).toEqual(['Owner']);
  });
});

describe('a scan that outlives its call', () => {
  let vera: Agent;
  beforeAll(async () => {
    vera = await RestAgent.connect(service.url, new Person('vera'));
  });

  it.each(clients)('begun through %s is stopped there, and by nobody else', async (client) => {
    const agent = agents[client];
    estate.shut();
    const args = { force_refresh: true };
    const { scan_job, next_cursor } = await ask(agent, Running, 'check_tag_compliance', args);
    await estate.reached();
    const { scan_id } = z.looseObject({ scan_id: z.string() }).parse(scan_job);
    expect(await refusal(vera.call('stop_scan', { scan_id }))).toBe('not_found');
    expect(await agent.call('stop_scan', { scan_id })).toMatchObject({ scan_id, status: 'stopped' });
    expect(await refusal(agent.call('check_tag_compliance', { ...args, cursor: next_cursor }))).toBe('cancelled');
    estate.open();
  });
});

describe('pages', () => {
  it.each<readonly [path: string, of: string, words: () => Promise<readonly string[]>]>([
    [
      '/compliance',
      'the newest scan',
      async () => [percent(checked.compliance_score), dollars(checked.cost_attribution_gap ?? 0)],
    ],
    [
      '/compliance-history',
      'get_violation_history',
      async () => ['improving', `Last score${percent(checked.compliance_score)}`],
    ],
    ['/violations', 'a scan that kept tags', async () => [arns[0] ?? '']],
    [
      '/unattributed-cost',
      'get_cost_attribution_gap',
      async () => {
        const gap = await ask(agents['2026-07-28'], Gap, 'get_cost_attribution_gap');
        return [`Not attributed${dollars(gap.attribution_gap)}`, `All spend${dollars(gap.total_spend)}`];
      },
    ],
    [
      '/drift',
      'detect_tag_drift',
      async () => {
        const {
          drift_detected: [gravest],
        } = await ask(agents['2026-07-28'], Drift, 'detect_tag_drift');
        return [gravest?.resource_arn.split(':::')[1] ?? '', gravest?.tag ?? ''];
      },
    ],
    [
      '/exports',
      'export_violations_csv',
      async () => {
        const { row_count } = Exported.parse(await whole(agents['2026-07-28'], 'export_violations_csv'));
        return [String(row_count), 'Ada the admin'];
      },
    ],
  ])('%s shows what %s says', async (path, _of, words) => {
    const expected = await words();
    const text = await page(path, ben);
    for (const word of expected) expect(text).toContain(word);
  });
});

const Policy = z.looseObject({
  policy: z.looseObject({ required_tags: z.array(z.looseObject({ name: z.string() })) }),
  source: z.string(),
});

// Last, because every resource is judged by it.
describe('the tagging policy', () => {
  const required = async (client: ClientName) =>
    (await ask(agents[client], Policy, 'get_tagging_policy')).policy.required_tags.map(({ name }) => name).sort();

  it('is imported through one client, given back through another, and imported again through the facade: each once another person agrees', async () => {
    const before = await required('2026-07-28');
    const imported = await agents['2026-07-28'].call('import_aws_tag_policy', { policy_id: 'p-sandboxfinance1' });
    const { request } = z.looseObject({ request: Asked }).parse(imported);
    expect(await required('the first SDK')).toEqual(before);
    expect(await page('/tagging-policy')).toContain('waits');
    await ben.answer(request.approval_url, 'approve');
    expect(await required('the first SDK')).toEqual(['CostCenter', 'Environment']);

    const back = await ask(agents['the first SDK'], Asked, 'change_tagging_policy', { to_version: 1 });
    await ben.answer(back.approval_url, 'approve');
    expect(await required('the facade')).toEqual(before);

    const again = await ask(agents['the facade'], Asked, 'change_tagging_policy', { policy_id: 'p-sandboxdata0001' });
    expect(textOn(await ben.open(again.approval_url))).toContain('DataClassification');
    await ben.answer(again.approval_url, 'deny', 'Only finance decides this.');
    expect(await required('the facade')).toEqual(before);
    expect(await page('/tagging-policy')).toContain('p-sandboxfinance1');
  });
});
