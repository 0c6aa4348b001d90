/** What the platform counts in the log is what the service writes there. */

import type { LogLine } from '../contracts/logs.ts';
import { behaviour } from '../modules/monitoring/alarms-behaviour.ts';
import { openMetrics } from '../service/src/telemetry/metrics.ts';
import { openDispatch } from '../service/test/rigs/dispatch.ts';

const { signals } = behaviour({
  namespace: 'Countersign/test',
  log: '/log',
  writes: 'countersign',
  budgets: true,
  exports: true,
  callsOut: true,
  webhooks: true,
  limits: { authFailures: 1, accountRefusals: 1, budgetChanges: 1, safetyLimits: 1 },
});

type Line = Readonly<Record<string, unknown>>;

/** The part of CloudWatch's filter language that patterns here are written in. */
const matches = (pattern: string, line: Line): boolean =>
  [...pattern.matchAll(/\(\$\.(\w+) (=|>=) (?:"([^"]*)"|(\d+))\)/g)].every(([, field = '', operator, text, number]) => {
    const value = line[field];
    if (text !== undefined) return value === text;
    return typeof value === 'number' && (operator === '=' ? value === Number(number) : value >= Number(number));
  });

/** What CloudWatch would make of the lines: the sum of each signal. */
const heard = (lines: readonly Line[]): Record<string, number> =>
  Object.fromEntries(
    signals.flatMap(({ name, pattern, value }) => {
      const found = lines.filter((line) => matches(pattern, line));
      const sum = found.reduce((all, line) => all + Number(value.startsWith('$.') ? line[value.slice(2)] : value), 0);
      return sum === 0 ? [] : [[name, sum]];
    }),
  );

const written = (record: (metrics: ReturnType<typeof openMetrics>) => void): Line[] => {
  const lines: Line[] = [];
  const metrics = openMetrics({ format: 'emf', write: (line) => void lines.push(JSON.parse(line) as Line) });
  record(metrics);
  void metrics.close();
  return lines;
};

it.each<[string, (metrics: ReturnType<typeof openMetrics>) => void, Record<string, number>]>([
  [
    'refused accounts and safety limits, by their number',
    (metrics) => {
      metrics.count('ToolErrors', { Code: 'ACCOUNT_NOT_AUTHORIZED' }, 3);
      metrics.count('ToolErrors', { Code: 'SAFETY_LIMIT_EXCEEDED' });
      metrics.count('ToolErrors', { Code: 'INVALID_INPUT' }, 9);
    },
    { 'refused-accounts': 3, 'safety-limits': 1 },
  ],
  [
    'calls of one tool, however they ended',
    (metrics) => {
      metrics.count('ToolCalls', { Tool: 'update_budget', Outcome: 'success' }, 2);
      metrics.count('ToolCalls', { Tool: 'update_budget', Outcome: 'error' });
      metrics.count('ToolCalls', { Tool: 'get_audit_log', Outcome: 'success' }, 9);
      metrics.observe('ToolDuration', { Tool: 'update_budget' }, 4);
    },
    { 'budget-changes': 3 },
  ],
  [
    'audit records that could not be written',
    (metrics) => {
      metrics.count('AuditWrites', { Outcome: 'failed' }, 2);
      metrics.count('AuditWrites', { Outcome: 'written' }, 9);
    },
    { 'audit-failures': 2 },
  ],
  [
    'anchors that could not be written, and chains found broken',
    (metrics) => {
      metrics.count('AuditAnchors', { Outcome: 'failed' });
      metrics.count('AuditAnchors', { Outcome: 'broken' }, 2);
      metrics.count('AuditAnchors', { Outcome: 'written' }, 9);
    },
    { 'audit-anchors': 1, 'audit-tampered': 2 },
  ],
  [
    'breakers that opened',
    (metrics) => {
      metrics.count('UpstreamBreakers', { Service: 'letters-post', State: 'opened' });
      metrics.count('UpstreamBreakers', { Service: 'letters-post', State: 'closed' });
    },
    { 'upstream-failing': 1 },
  ],
  [
    'messages of webhooks that were refused',
    (metrics) => {
      metrics.count('WebhookMessages', { Webhook: '/webhooks/letters', Outcome: 'refused' }, 2);
      metrics.count('WebhookMessages', { Webhook: '/webhooks/letters', Outcome: 'taken' }, 9);
    },
    { 'refused-webhooks': 2 },
  ],
  ['a store that is away', (metrics) => metrics.set('StoreHealthy', { Store: 'tables' }, 0), { 'store-down': 1 }],
  ['no store that is there', (metrics) => metrics.set('StoreHealthy', { Store: 'tables' }, 1), {}],
])('an alarm hears %s', (_, record, expected) => {
  expect(heard(written(record))).toEqual(expected);
});

it('an alarm hears answers 401 and no others', () => {
  const line: LogLine<'answered'> = { method: 'POST', route: '/mcp', status: 401, milliseconds: 3, ip: '203.0.113.7' };
  expect(heard([line, { ...line, status: 403 }, { ...line, status: 200 }])).toEqual({ unauthorized: 1 });
});

it('the line of a tool call is no metric: nothing is counted twice', async () => {
  const rig = openDispatch();
  await expect(rig.call('check_tag_compliance', { accounts: ['9'] })).rejects.toThrow();
  expect(rig.lines).toHaveLength(1);
  expect(heard(rig.lines as Line[])).toEqual({});
});
