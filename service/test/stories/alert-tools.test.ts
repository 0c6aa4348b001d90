/**
 * The 22 tools of alerts on the sandbox's network: what each answers to clients of both SDKs and over the facade, what waits for a second
 * person, and what the pages show of it. One service for all, whose time stands still; a power failure is under way in it.
 */
import { z } from 'zod';
import type { Service } from '../../src/start/assemble.ts';
import { AuditPage, ask, Detail } from '../rigs/answers.ts';
import { textOn } from '../rigs/browser.ts';
import { type Agent, FirstAgent, ModernAgent, refusal, type Structured } from '../rigs/clients.ts';
import { Person } from '../rigs/person.ts';
import { RestAgent, RestClient } from '../rigs/rest.ts';
import { patience } from '../rigs/service.ts';
import { assembleInMemory } from '../rigs/whole.ts';
import { freePort } from '../servers/server.ts';

const clients = ['2026-07-28', 'the first SDK', 'the facade'] as const;
type ClientName = (typeof clients)[number];
type Agents = Readonly<Record<ClientName, Agent>>;

const ben = new Person('ben');
const began = new Date();
let service: Service;
let url: string;
/** Of Ana, who looks after alerts, and of Ada, who looks after rules and routes. */
let agents: Agents;
let admins: Agents;
/** Nobody has raised it. */
let reader: RestClient;

const connected = async (who: 'ana' | 'ada'): Promise<Agents> => {
  const [modern, first, facade] = await Promise.all([
    ModernAgent.connect(url, new Person(who)),
    FirstAgent.connect(url, new Person(who)),
    RestClient.connect(url, who, 'alerts:read'),
  ]);
  const all = { '2026-07-28': modern, 'the first SDK': first, 'the facade': new RestAgent(facade, new Person(who)) };
  // Hosts list the tools first, and from then on hold each answer against its schema.
  await Promise.all(Object.values(all).map((agent) => agent.tools()));
  return all;
};

beforeAll(async () => {
  const port = await freePort();
  url = `http://localhost:${port}`;
  const variables = {
    ...{ ...patience, TOOL_PACKS: 'alerts', PUBLIC_URL: url, LOG_LEVEL: 'silent' },
    ALERT_RECEIVERS: JSON.stringify([
      { name: 'noc', to: ['#team'], escalation: 'night' },
      { name: 'field', to: ['ben@example.com'] },
    ]),
    ALERT_ESCALATIONS: JSON.stringify([
      {
        name: 'night',
        steps: [
          { delay_min: 15, targets: ['noc'] },
          { delay_min: 30, targets: ['field'] },
        ],
      },
    ]),
  };
  service = await assembleInMemory(variables, undefined, () => began);
  await service.app.listen({ host: 'localhost', port });
  [agents, admins, reader] = await Promise.all([
    connected('ana'),
    connected('ada'),
    RestClient.connect(url, 'ana', 'alerts:read'),
  ]);
});
afterAll(async () => {
  for (const agent of [...Object.values(agents), ...Object.values(admins)]) await agent.close();
  await service.app.close();
  await service.jobs.stop(10_000);
  await service.notices.close();
  await service.packs.close();
  await service.upstreams.close();
});

const everywhere = <T>(of: (agent: Agent) => Promise<T>): Promise<T[]> =>
  Promise.all(clients.map((client) => of(agents[client])));
const page = async (path: string, person = ben): Promise<string> => textOn(await person.open(`${url}${path}`));

const Row = z.looseObject({
  alert_id: z.string(),
  name: z.string(),
  site_code: z.string(),
  severity: z.number(),
  status: z.string(),
});
const Listed = z.looseObject({
  total: z.number(),
  by_severity: z.record(z.string(), z.number()),
  alerts: z.array(Row),
});
const Site = z.looseObject({ site_code: z.string(), status: z.string(), health: z.number() });
const Board = z.looseObject({ worst: z.array(Site) });
const Routed = z.looseObject({
  receivers: z.array(z.string()),
  silenced_by: z.array(z.string()),
  version: z.number(),
});
const Rules = z.looseObject({ rules: z.array(z.looseObject({ rule_id: z.string(), version: z.number() })) });
const Fired = z.looseObject({ events: z.number(), total: z.number() });

const listed = (args: Structured = {}) => ask(agents['2026-07-28'], Listed, 'list_alerts', { ...args });
const criticalOf = async (site_code: string) => (await listed({ site_code, min_severity: 5 })).alerts;
const siteStatus = async (code: string) => {
  const { worst } = await ask(agents['2026-07-28'], Board, 'generate_site_health_dashboard');
  return worst.find(({ site_code }) => site_code === code)?.status;
};

const manyCells = {
  rule_id: 'many-cells',
  name: 'Many cells of a site',
  matchers: [{ name: 'element_type', value: 'CELL_SITE' }],
  condition: { type: 'count', n: 3, window_s: 600 },
  group_by: ['site_code'],
  severity: 5,
};

/** A call of each read, and what must be true of its answer on a new sandbox. */
const reads: readonly (readonly [
  tool: string,
  args: () => Promise<Structured>,
  holds: (answer: Structured) => void,
])[] = [
  [
    'generate_site_health_dashboard',
    async () => ({}),
    (answer) => {
      expect(answer).toMatchObject({ sites: 8, by_status: { DOWN: 3, MAINTENANCE: 0 } });
      expect(Board.parse(answer).worst.slice(0, 3)).toMatchObject([
        { site_code: 'CZA0021', status: 'DOWN', health: 0 },
        { site_code: 'MSH0031', status: 'DOWN', health: 12 },
        { site_code: 'HRE0042', status: 'DOWN', health: 36.3 },
      ]);
    },
  ],
  [
    'analyze_site_patterns',
    async () => ({ site_code: 'CZA0021' }),
    (answer) => expect(answer).toMatchObject({ status: 'DOWN', health: 0, open_critical: 4, data: 'ok' }),
  ],
  [
    'compare_sites',
    async () => ({ site_codes: ['PRT0090', 'CZA0021'] }),
    ({ sites }) =>
      expect(sites).toMatchObject([{ site_code: 'CZA0021' }, { site_code: 'PRT0090', status: 'OPERATIONAL' }]),
  ],
  [
    'analyze_alarm_correlations',
    async () => ({ methods: ['causal'] }),
    ({ causal, temporal }) => {
      expect(temporal).toBeUndefined();
      expect(causal).toMatchObject({
        edges: expect.arrayContaining([expect.objectContaining({ from: 'POWER_SYSTEM' })]),
      });
    },
  ],
  [
    'analyze_root_cause_patterns',
    async () => ({}),
    ({ patterns }) =>
      expect(patterns).toMatchObject([
        { name: 'MainsFailure', score: 76.67, clusters: 4 },
        { name: 'LinkDown', score: 73.44 },
        expect.anything(),
      ]),
  ],
  [
    'list_alerts',
    async () => ({ min_severity: 5, site_code: 'CZA0021' }),
    (answer) => {
      const { total, by_severity, alerts } = Listed.parse(answer);
      expect([total, by_severity, alerts.map(({ name }) => name).sort()]).toEqual([
        4,
        { '5': 4 },
        ['CellOut', 'CellOut', 'CellOut', 'MainsFailure'],
      ]);
    },
  ],
  [
    'get_alert',
    async () => ({ fingerprint: (await criticalOf('CZA0021')).at(-1)?.alert_id.slice(0, 32) }),
    (answer) =>
      expect(answer).toMatchObject({
        alert: { name: 'MainsFailure', site_code: 'CZA0021', source: 'alertmanager', status: 'firing' },
        events: expect.arrayContaining([expect.objectContaining({ kind: 'raise' })]),
        silenced_by: [],
      }),
  ],
  [
    'get_alert_stats',
    async () => ({ group_by: 'element_type' }),
    (answer) => {
      const { raised, groups } = z
        .looseObject({ raised: z.number(), groups: z.array(z.looseObject({ raised: z.number() })) })
        .parse(answer);
      expect(raised).toBeGreaterThan(0);
      expect(groups.reduce((sum, group) => sum + group.raised, 0)).toBe(raised);
    },
  ],
  ['list_silences', async () => ({}), (answer) => expect(answer).toMatchObject({ total: 0, silences: [] })],
  ['list_alert_rules', async () => ({}), (answer) => expect(answer).toMatchObject({ total: 0, rules: [] })],
  [
    'test_alert_rule',
    async () => ({ rule: manyCells }),
    (answer) => {
      const fired = z.looseObject({ would_fire: z.array(z.looseObject({ labels: z.looseObject({}) })) }).parse(answer);
      const sites = new Set(fired.would_fire.map(({ labels }) => labels.site_code));
      expect(sites).toContain('CZA0021');
    },
  ],
  [
    'preview_routing',
    async () => ({ labels: { site_code: 'PRT0090', severity: 'critical' }, show_tree: true }),
    (answer) => expect(answer).toMatchObject({ receivers: ['default'], version: 0, tree: { receiver: 'default' } }),
  ],
];

it('tells every client of the same 22 tools', async () => {
  const own = async (agent: Agent) =>
    (await agent.tools()).filter((name) => /alert|alarm|silence|site|routing|cause/.test(name)).sort();
  const [modern, ...others] = await everywhere(own);
  expect(modern).toHaveLength(22);
  for (const other of others) expect(other).toEqual(modern);
});

describe('a read', () => {
  it.each(reads)('%s answers every client the same, and what is true', async (tool, args, holds) => {
    const given = await args();
    const [modern, ...others] = await everywhere(async (agent) => {
      /** A facade has no texts beside its result, so that what was assumed is in it. */
      const { assumed: _assumed, ...answer } = await agent.call(tool, given);
      return answer;
    });
    holds(modern ?? {});
    for (const other of others) expect(other).toEqual(modern);
  });
});

describe('a page', () => {
  it.each<readonly [path: string, tool: string, words: readonly RegExp[]]>([
    [
      '/network',
      'generate_site_health_dashboard',
      [/CZA0021.* 0\.0 health.*MSH0031.*12\.0 health.*HRE0042.*36\.3 health/s],
    ],
    ['/alert-analysis', 'analyze_root_cause_patterns', [/MainsFailure.*76\.67/s]],
    ['/alerts?site=CZA0021', 'list_alerts', [/MainsFailure/, /CellOut/]],
    ['/silences', 'list_silences', [/Nothing is silenced/]],
    ['/alert-routing', 'preview_routing', [/Every alert to default/, /night/]],
  ])('%s shows what %s says', async (path, _tool, words) => {
    const text = await page(path);
    for (const word of words) expect(text).toMatch(word);
  });
});

describe('what needs more than alerts:read', () => {
  it.each([
    ...['acknowledge_alert', 'resolve_alert', 'add_alert_note', 'escalate_alert', 'ingest_alert'],
    ...['create_silence', 'expire_silence'],
  ])('%s is listed, and challenged for alerts:write', async (tool) => {
    const { status, headers, body } = await reader.execute(tool);
    expect(status).toBe(403);
    const challenge = headers.get('www-authenticate');
    for (const part of ['error="insufficient_scope"', 'scope="alerts:read alerts:write"'])
      expect(challenge).toContain(part);
    expect(body).toMatchObject({ error: 'insufficient_scope', required_scope: 'alerts:write' });
    expect(body.step_up_url).toContain('/step-up');
  });

  it.each(['upsert_alert_rule', 'delete_alert_rule', 'set_alert_route'])(
    '%s is listed, and refused to Ana, whose roles do not include alerts:admin',
    async (tool) => {
      const { status, body } = await reader.execute(tool);
      expect([status, JSON.stringify(body)]).toEqual([403, expect.stringContaining('do not include alerts:admin')]);
    },
  );
});

/** What the audit log says of Ana's calls of a tool, the oldest first. */
const callsOf = async (tool: string): Promise<string[]> => {
  const { records } = await ask(agents['2026-07-28'], AuditPage, 'get_audit_log', { limit: 200 });
  const own = records.filter((record) => record.tool === tool).toReversed();
  const calls = [...Map.groupBy(own, ({ correlationId }) => correlationId).values()];
  return calls.map((steps) => steps.map(({ action, result }) => `${action} ${result}`).join(', '));
};

const Acted = z.looseObject({ alert: Row, changed: z.boolean() });

describe('an act', () => {
  it.each(clients)('on an alert through %s is done at once, once, and everybody sees it', async (client) => {
    const agent = agents[client];
    const alert = (await criticalOf('CZA0021'))[0];
    const { alert_id } = Row.parse(alert);
    const acknowledge = () => ask(agent, Acted, 'acknowledge_alert', { alert_id, comment: 'The generator comes.' });
    expect(await acknowledge()).toMatchObject({
      changed: true,
      alert: { status: 'acknowledged', acknowledged_by: 'ana@example.com' },
    });
    expect(await acknowledge()).toMatchObject({ changed: false, alert: { status: 'acknowledged' } });
    const text = `Seen through ${client}.`;
    expect(await agent.call('add_alert_note', { alert_id, text })).toMatchObject({ alert_id, notes: 2 });
    const resolve = () => ask(agent, Acted, 'resolve_alert', { alert_id, resolution: 'A fuse was changed.' });
    expect(await resolve()).toMatchObject({ changed: true, alert: { status: 'resolved' } });
    expect(await resolve()).toMatchObject({ changed: false });
    expect(await refusal(acknowledge())).toBe('conflict');

    for (const { events, alert: seen } of await everywhere((any) => any.call('get_alert', { alert_id }))) {
      expect(events).toMatchObject([
        { kind: 'clear', by: 'ana@example.com' },
        { kind: 'acknowledge', by: 'ana@example.com' },
        { kind: 'raise' },
      ]);
      expect(seen).toMatchObject({ status: 'resolved', resolved_by: 'ana@example.com', total_notes: 3 });
    }
    const shown = await page(`/alerts/${alert_id}`);
    for (const words of ['The generator comes.', text, 'A fuse was changed.']) expect(shown).toContain(words);
    expect(await page('/alerts')).not.toContain(alert_id);
  });

  it('is in the audit log before it is done and with its outcome, a refused one too', async () => {
    const done = 'write started, write success';
    const ofAll = (calls: readonly string[]) => clients.flatMap(() => calls);
    expect(await callsOf('resolve_alert')).toEqual(ofAll([done, done]));
    expect(await callsOf('add_alert_note')).toEqual(ofAll([done]));
    const refusedLast = [done, done, 'write started, write failure'];
    expect(await callsOf('acknowledge_alert')).toEqual(ofAll(refusedLast));
  });

  it('on the page of an alert is the same act', async () => {
    const [alert] = await criticalOf('HRE0042');
    const ana = new Person('ana');
    const seen = await ana.open(`${url}/alerts/${alert?.alert_id}`);
    const text = textOn(await ana.browser.submit(seen, { act: 'acknowledge', minutes: '60', text: 'I drive there.' }));
    expect(text).toContain('I drive there.');
    expect((await listed({ status: ['acknowledged'] })).alerts).toMatchObject([{ alert_id: alert?.alert_id }]);
  });
});

describe('ingest_alert', () => {
  it.each(clients)('through %s says what became of each: created, a duplicate, over', async (client) => {
    const payload = { name: `Door ${client}`, site_code: 'PRT0090', severity: 'minor', element_id: 'door-1' };
    const ingest = async (more: Structured, dry_run?: boolean) =>
      agents[client].call('ingest_alert', { payload: { ...payload, ...more }, ...(dry_run && { dry_run }) });
    const counted = (counts: Structured) => ({ counts: expect.objectContaining(counts) });
    expect(JSON.stringify(await ingest({}, true))).toContain('"created":1');
    expect((await listed({ matchers: [{ name: 'name', value: payload.name }] })).total).toBe(0);
    expect(await ingest({})).toMatchObject(counted({ created: 1 }));
    expect(await ingest({})).toMatchObject(counted({ created: 0, duplicate: 1 }));
    expect(await ingest({ status: 'resolved' })).toMatchObject(counted({ resolved: 1 }));
  });
});

const Asked = z.looseObject({ operation_id: z.string(), approval_url: z.string(), status: z.string() });
type Asked = z.output<typeof Asked>;

/** Asked for by one person, who cannot agree to it, and approved by Ben on its page. */
const approved = async (agent: Agent, tool: string, args: Structured): Promise<Asked> => {
  const asked = await ask(agent, Asked, tool, { ...args });
  expect(asked.status).toBe('awaiting-countersign');
  return agreed(asked);
};
const agreed = async (asked: Asked): Promise<Asked> => {
  expect(textOn(await ben.answer(asked.approval_url, 'approve'))).toContain('1 of 1 resource was changed.');
  return asked;
};
const reverted = async (agent: Agent, { operation_id }: Asked): Promise<void> => {
  const { approval_url } = await ask(agent, Detail, 'rollback_operation', { operation_id });
  expect(textOn(await ben.answer(approval_url, 'approve'))).toContain('1 of 1 resource was changed.');
};

describe('a silence', () => {
  const terms = {
    matchers: [{ name: 'site_code', value: 'MSH0031' }],
    duration_min: 120,
    comment: 'The crew changes the cabinet.',
    kind: 'maintenance',
  };
  const silences = (state?: readonly string[]) =>
    everywhere(async (agent) => {
      const { silences: found } = await ask(
        agent,
        z.looseObject({ silences: z.array(z.looseObject({ state: z.string(), created_by: z.string() })) }),
        'list_silences',
        state ? { state } : {},
      );
      return found.map(({ state: is, created_by }) => `${is} by ${created_by}`).join();
    });

  it('is asked for by Ana, approved by Ben on its page, seen everywhere, and taken back', async () => {
    const open = await listed({ site_code: 'MSH0031' });
    const asked = await agents['2026-07-28'].call('create_silence', terms);
    expect(asked).toMatchObject({ status: 'awaiting-countersign', matching: { total: open.total } });
    expect(await silences()).toEqual(['', '', '']);
    const before = textOn(await ben.open(Asked.parse(asked).approval_url));
    for (const words of ['site_code=', 'MSH0031', terms.comment]) expect(before).toContain(words);
    expect(before).not.toContain('No reason was given');
    const silence = await agreed(Asked.parse(asked));

    expect(await silences()).toEqual(Array(3).fill('active by ana@example.com'));
    expect((await listed({ silenced: true })).total).toBe(open.total);
    const [alert] = open.alerts;
    expect(await agents['the facade'].call('get_alert', { alert_id: alert?.alert_id })).toMatchObject({
      silenced_by: [{ created_by: 'ana@example.com', comment: terms.comment }],
    });
    const routed = await everywhere((any) => ask(any, Routed, 'preview_routing', { alert_id: alert?.alert_id }));
    expect(routed.map(({ silenced_by }) => silenced_by.length)).toEqual([1, 1, 1]);
    expect(await siteStatus('MSH0031')).toBe('MAINTENANCE');
    expect(await page('/silences')).toContain(terms.comment);
    expect(await page(`/alerts/${alert?.alert_id}`)).toContain('Nobody is told of this alert');

    await reverted(agents['the facade'], silence);
    expect(await silences(['active', 'pending', 'expired'])).toEqual(['', '', '']);
    expect(await siteStatus('MSH0031')).toBe('DOWN');
  });

  it('is ended before its time through another client, and goes on once that is taken back', async () => {
    await approved(agents['the facade'], 'create_silence', { ...terms, kind: 'noise' });
    const Silences = z.looseObject({ silences: z.tuple([z.object({ silence_id: z.string() })]) });
    const [silence] = (await ask(agents['the first SDK'], Silences, 'list_silences')).silences;
    const end = await approved(agents['the first SDK'], 'expire_silence', silence);
    expect(await silences(['expired'])).toEqual(Array(3).fill('expired by ana@example.com'));
    expect(await page('/silences')).toContain('Nothing is silenced.');
    expect(await refusal(agents['2026-07-28'].call('expire_silence', silence))).toBe('conflict');
    await reverted(agents['2026-07-28'], end);
    expect(await silences()).toEqual(Array(3).fill('active by ana@example.com'));
  });
});

describe('a rule', () => {
  const versions = () =>
    everywhere(async (agent) =>
      (await ask(agent, Rules, 'list_alert_rules')).rules.map(({ rule_id, version }) => `${rule_id} ${version}`).join(),
    );

  it('is added through one client, changed over another, deleted through the facade and brought back: each once Ben agrees', async () => {
    const added = await approved(admins['2026-07-28'], 'upsert_alert_rule', { rule: manyCells });
    expect(added).toMatchObject({ rule_id: 'many-cells', version: 1, created: true });
    expect(await versions()).toEqual(Array(3).fill('many-cells 1'));
    const slower = { ...manyCells, condition: { ...manyCells.condition, n: 1000 } };
    expect(await refusal(admins['the first SDK'].call('upsert_alert_rule', { rule: slower }))).toBe('conflict');
    const changed = { rule: slower, expected_version: 1 };
    await approved(admins['the first SDK'], 'upsert_alert_rule', changed);
    const tried = await everywhere((any) => ask(any, Fired, 'test_alert_rule', { rule_id: 'many-cells' }));
    expect(tried.map(({ events, total }) => [events > 0, total])).toEqual(Array(3).fill([true, 0]));

    const one = { rule_id: 'many-cells', expected_version: 2 };
    expect(await refusal(admins['the facade'].call('delete_alert_rule', { ...one, confirm: false }))).toBe(
      'invalid_input',
    );
    const gone = await approved(admins['the facade'], 'delete_alert_rule', { ...one, confirm: true });
    expect(gone).toMatchObject({ deleted: false });
    expect(await versions()).toEqual(['', '', '']);
    await reverted(admins['2026-07-28'], gone);
    expect(await versions()).toEqual(Array(3).fill('many-cells 2'));
  });
});

describe('the routes', () => {
  /** Of acceptance example 8, with the receivers of this service. */
  const tree = {
    receiver: 'default',
    routes: [
      { matchers: [{ name: 'element_type', value: 'POWER_SYSTEM' }], receiver: 'field', continue: true },
      { matchers: [{ name: 'severity', value: '4|5', isRegex: true }], receiver: 'noc' },
    ],
  };
  const receivers = () =>
    everywhere(async (agent) => {
      const labels = { element_type: 'POWER_SYSTEM', severity: '5', site_code: 'CZA0021' };
      return (await ask(agent, Routed, 'preview_routing', { labels })).receivers;
    });

  it('are set by Ada once Ben agrees, then an alert escalates, and are taken back', async () => {
    const agent = admins['the facade'];
    const strange = { tree: { receiver: 'nobody' }, expected_version: 0 };
    await expect(agent.call('set_alert_route', strange)).rejects.toThrow(/no receiver nobody.*default, noc, field/);
    expect(await refusal(agent.call('set_alert_route', { tree, expected_version: 3 }))).toBe('conflict');
    const [alert] = await criticalOf('HRE0042');
    const escalate = (to_level: number) =>
      agents['the first SDK'].call('escalate_alert', {
        alert_id: alert?.alert_id,
        to_level,
        reason: 'Nobody answers.',
      });
    expect(await refusal(escalate(1))).toBe('conflict');

    const set = await approved(agent, 'set_alert_route', { tree, expected_version: 0 });
    expect(await receivers()).toEqual(Array(3).fill(['field', 'noc']));
    const seen = await page('/alert-routing?labels=severity%3D5');
    for (const words of ['It reaches noc', 'This is version 1.']) expect(seen).toContain(words);

    expect(await escalate(2)).toMatchObject({ alert: { escalation_level: 2 }, notified: ['field'] });
    expect(await refusal(escalate(2))).toBe('invalid_input');
    expect(await page(`/alerts/${alert?.alert_id}`)).toContain('Escalation level2');

    await reverted(admins['2026-07-28'], set);
    expect(await receivers()).toEqual(Array(3).fill(['default']));
  });
});

describe('what is refused', () => {
  const unknown = '0'.repeat(32);
  const alarm = { version: '4', groupKey: '{}', alerts: [] };
  const silence = { matchers: [{ name: 'site_code', value: 'MSH0031' }], comment: 'Why', duration_min: 60 };
  const notification = {
    ...{ Type: 'Notification', MessageId: 'm', Message: '{}', Timestamp: '2026-05-01T10:00:00Z', Signature: 'eA==' },
    ...{
      TopicArn: 'arn:aws:sns:eu-west-1:999988887777:x',
      SignatureVersion: '2',
      SigningCertURL: 'https://x.example.com',
    },
  };

  it.each<readonly [tool: string, code: string, args: Structured, named: RegExp]>([
    ['get_alert', 'not_found', { alert_id: unknown }, /alert_id/],
    ['get_alert', 'not_found', { fingerprint: unknown }, /fingerprint/],
    ['get_alert', 'invalid_input', {}, /alert_id/],
    ['acknowledge_alert', 'not_found', { alert_id: unknown }, /alert_id/],
    ['acknowledge_alert', 'invalid_input', { alert_id: unknown, expires_in_min: 4 }, /expires_in_min/],
    ['resolve_alert', 'invalid_input', { alert_id: unknown }, /resolution/],
    ['add_alert_note', 'invalid_input', { alert_id: unknown, text: 'x'.repeat(4001) }, /text/],
    ['escalate_alert', 'not_found', { alert_id: unknown, to_level: 1, reason: 'x' }, /alert_id/],
    ['expire_silence', 'not_found', { silence_id: 'silence-000000000000' }, /silence_id/],
    ['test_alert_rule', 'not_found', { rule_id: 'none' }, /rule_id/],
    ['preview_routing', 'not_found', { alert_id: unknown }, /alert_id/],
    ['analyze_alarm_correlations', 'invalid_input', { methods: ['magic'] }, /methods/],
    ['analyze_site_patterns', 'invalid_input', { site_code: 'cza' }, /site_code/],
    ['analyze_root_cause_patterns', 'invalid_input', { days_back: 91 }, /days_back/],
    ['compare_sites', 'invalid_input', { site_codes: ['CZA0021'] }, /site_codes/],
    ['list_alerts', 'invalid_input', { limit: 201 }, /limit/],
    ['list_alerts', 'invalid_input', { status: ['open'] }, /status/],
    ['list_alerts', 'invalid_input', { matchers: [{ name: 'name', value: '(a', isRegex: true }] }, /matchers/],
    ['list_alerts', 'invalid_input', { matchers: [{ name: 'name', value: 'a'.repeat(129), isRegex: true }] }, /128/],
    ['list_alerts', 'invalid_input', { cursor: 'nonsense' }, /cursor/],
    ['create_silence', 'invalid_input', { ...silence, duration_min: undefined }, /ends_at/],
    ['create_silence', 'invalid_input', { ...silence, comment: '' }, /comment/],
    ['create_silence', 'invalid_input', { ...silence, duration_min: 43_201 }, /duration_min/],
    [
      'create_silence',
      'invalid_input',
      { ...silence, matchers: [{ name: 'x', value: '.*', isRegex: true }] },
      /matchers/,
    ],
    ['test_alert_rule', 'invalid_input', { rule: { ...manyCells, condition: { type: 'often' } } }, /condition/],
    ['ingest_alert', 'invalid_input', { payload: {} }, /name|payload/],
    ['ingest_alert', 'invalid_input', { payload: { ...alarm, version: '5' }, format: 'alertmanager' }, /version/],
    ['ingest_alert', 'too_large', { payload: { alerts: Array(501).fill({ name: 'x' }) } }, /500/],
    ['ingest_alert', 'untrusted_source', { payload: notification, format: 'cloudwatch_sns' }, /opic/],
  ])('%s is %s to all clients alike (%#)', async (tool, code, args, named) => {
    const refused = await everywhere((agent) =>
      agent.call(tool, args).catch((error: Error) => ({ code: Reflect.get(error, 'code'), message: error.message })),
    );
    expect(refused).toEqual(clients.map(() => ({ code, message: expect.stringMatching(named) })));
    expect(new Set(refused.map(({ message }) => message)).size).toBe(1);
  });
});

describe('time, which Ana moves on the page of the network', () => {
  it('brings the power back: what the sender posts until then is taken, and its alerts close', async () => {
    expect((await criticalOf('MSH0031')).length).toBeGreaterThan(0);
    const ana = new Person('ana');
    for (const minutes of ['60', '15']) await ana.browser.submit(await ana.open(`${url}/network`), { minutes });
    expect(await criticalOf('MSH0031')).toEqual([]);
    expect(await siteStatus('MSH0031')).not.toBe('DOWN');
    expect(await page('/alerts?site=MSH0031')).not.toContain('LinkDown');
  });
});
