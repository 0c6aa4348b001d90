import type { Operation, Status } from '../operations/operation.ts';
import { isSuperseded, noticesOf } from './transitions.ts';

const at = new Date('2026-11-20T10:00:00.000Z');
const hour = 3_600_000;
const hours = (ms: number): number => (ms - at.getTime()) / hour;

const operation = (status: Status, over: Partial<Operation> = {}): Operation => ({
  operationId: 'op_1',
  version: 3,
  status,
  tool: 'paint',
  arguments: {},
  requester: { personId: 'ana', name: 'Ana', email: 'ana@example.com', clientId: 'c' },
  createdAt: at.toISOString(),
  updatedAt: at.toISOString(),
  expiresAt: new Date(at.getTime() + 72 * hour).toISOString(),
  correlationId: 'c',
  countersign: 'second-person',
  approveScope: 'tag:approve',
  policyVersion: 'v1',
  plan: {
    summary: '',
    changes: [],
    impact: [],
    warnings: [],
    reversible: { possible: true },
    cost: { apiCalls: 0, usd: 0 },
  },
  beforeDigest: '',
  approvalHash: '',
  approvals: [],
  ...over,
});
const told = (from: Status | undefined, to: Operation) =>
  noticesOf(from, to, at).map(({ notice, dueAt }) => [notice, hours(dueAt)]);

describe('what a transition is told for', () => {
  it('is once what waits for approvers, then a reminder, then before it expires', () => {
    expect(told(undefined, operation('awaiting-countersign'))).toEqual([
      ['waiting', 0],
      ['reminder', 24],
      ['expiring', 66],
    ]);
  });

  it('is told again of a plan that was made anew', () => {
    expect(told('planned', operation('awaiting-countersign')).map(([notice]) => notice)).toContain('waiting');
  });

  it('comes before the end of a short wait, too, in this order', () => {
    const short = operation('awaiting-countersign', { expiresAt: new Date(at.getTime() + hour).toISOString() });
    const due = told(undefined, short);
    expect(due.map(([notice]) => notice)).toEqual(['waiting', 'reminder', 'expiring']);
    expect(due.at(-1)?.[1]).toBeCloseTo(50 / 60);
  });

  it.each<[Status, Status, string[]]>([
    ['awaiting-countersign', 'approved', ['approved']],
    ['applying', 'applied', ['applied']],
    ['applying', 'partially-applied', ['applied']],
    ['applying', 'failed', ['failed']],
    ['awaiting-countersign', 'denied', ['denied']],
    ['awaiting-countersign', 'expired', ['expired']],
    // Who takes back their own change, or confirms it, knows.
    ['awaiting-countersign', 'withdrawn', []],
    ['approved', 'applying', []],
    ['approved', 'planned', []],
  ])('of %s to %s is %j', (from, to, notices) => {
    expect(told(from, operation(to)).map(([notice]) => notice)).toEqual(notices);
  });

  it('is nothing for a confirmation that its requester was just asked for', () => {
    expect(told(undefined, operation('awaiting-confirmation'))).toEqual([]);
    expect(told(undefined, operation('approved', { countersign: 'none' }))).toEqual([]);
  });
});

describe('a notice is dropped', () => {
  it.each<[Parameters<typeof isSuperseded>[0], Status, number, boolean]>([
    ['waiting', 'awaiting-countersign', 3, false],
    // Planned anew: another notice tells of that plan.
    ['reminder', 'awaiting-countersign', 2, true],
    ['reminder', 'applied', 3, true],
    ['expiring', 'denied', 3, true],
    ['approved', 'approved', 2, false],
    ['approved', 'applying', 2, false],
    ['approved', 'applied', 2, true],
    ['applied', 'applied', 2, false],
    ['applied', 'reverted', 2, false],
    ['denied', 'denied', 2, false],
  ])('%s of an operation that is %s, written as version %i: %s', (notice, status, version, dropped) => {
    expect(isSuperseded(notice, version, operation(status))).toBe(dropped);
  });
});
