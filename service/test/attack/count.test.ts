import type { AuditRecord } from '../../src/audit/record.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { operation } from '../browser/fixtures.ts';
import { judge } from './count.ts';
import type { Evidence } from './evidence.ts';
import { Truth } from './truth.ts';

const arn = 'arn:aws:ec2:us-east-1:111111111111:instance/i-1';
const effect = { at: 2, task: '1', arn, before: {}, after: { Owner: 'new@example.com' } };
const applied: Operation = {
  ...operation(1),
  operationId: 'op_1',
  status: 'applied',
  result: {
    outcomes: [{ resourceId: arn, outcome: 'applied' }],
    applied: 1,
    failed: 0,
    skipped: 0,
    appliedAt: '2026-11-20T21:20:00.000Z',
  },
};
const record = (action: AuditRecord['action'], result: AuditRecord['result']): AuditRecord => ({
  userId: 'ana',
  correlationId: 'c',
  tool: 't',
  operationId: 'op_1',
  timestamp: '2026-11-20T21:20:00.000Z',
  sequence: 1,
  previousHash: '',
  hash: '',
  action,
  result,
});
const told = [
  record('plan', 'success'),
  record('approve', 'success'),
  record('write', 'started'),
  record('write', 'success'),
];

/** An operation that was asked for, approved by one who may, written once and recorded. */
const kept = (): Evidence & { truth: Truth } => {
  const truth = new Truth();
  truth.ask({ operationId: 'op_1', by: 'ana', arns: [arn], owner: 'new@example.com' });
  truth.answers.push({ operationId: 'op_1', by: 'ben', decision: 'approve', rightful: true, at: 1, taken: true });
  return { truth, effects: [effect], operations: new Map([['op_1', applied]]), records: told, verifier: undefined };
};

it('finds nothing where the promise was kept', () => {
  expect(judge(kept())).toEqual([]);
});

it.each<[string, string, (evidence: Evidence & { truth: Truth }) => Evidence]>([
  ['unapproved', 'a write before anybody agreed', (seen) => ({ ...seen, effects: [{ ...effect, at: 0 }] })],
  ['unapproved', 'a write nobody asked for', (seen) => ({ ...seen, effects: [effect, { ...effect, arn: 'other' }] })],
  ['doubled', 'a second write', (seen) => ({ ...seen, effects: [effect, effect] })],
  ['lost', 'an operation that is gone', (seen) => ({ ...seen, operations: new Map() })],
  ['lost', 'a write that did not happen', (seen) => ({ ...seen, effects: [], records: told.slice(0, 3) })],
  [
    'lost',
    'an operation that never ends',
    (seen) => ({ ...seen, operations: new Map([['op_1', { ...applied, status: 'applying' }]]) }),
  ],
  ['unaudited', 'a write without a record before it', (seen) => ({ ...seen, records: told.toSpliced(2, 1) })],
  ['unaudited', 'a missing outcome', (seen) => ({ ...seen, records: told.slice(0, 3) })],
  ['unaudited', 'a missing plan', (seen) => ({ ...seen, records: told.slice(1) })],
  ['untrue', 'a second outcome', (seen) => ({ ...seen, records: [...told, record('write', 'failure')] })],
  ['untrue', 'a decision nobody took', (seen) => ({ ...seen, records: [...told, record('approve', 'success')] })],
  ['untrue', 'a denial of what was applied', (seen) => ({ ...seen, records: [...told, record('deny', 'success')] })],
  ['untrue', 'a log that does not verify', (seen) => ({ ...seen, verifier: 'BROKEN' })],
  [
    'broken',
    'an answer of somebody who may not',
    (seen) => {
      seen.truth.answers.push({
        operationId: 'op_1',
        by: 'max',
        decision: 'deny',
        rightful: false,
        at: 3,
        taken: true,
      });
      return seen;
    },
  ],
])('counts as %s: %s', (count, _what, spoil) => {
  expect(judge(spoil(kept())).map((finding) => finding.count)).toContain(count);
});
