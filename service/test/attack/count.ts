/** What must not be: named checks, each of one operation, and what they find on the evidence as a whole. */
import type { AuditRecord } from '../../src/audit/record.ts';
import type { Operation } from '../../src/operations/operation.ts';
import { type Attributed, attribute, type Evidence } from './evidence.ts';
import type { Answered, Asked } from './truth.ts';

/** What is counted; each count must be zero. */
export const countNames = ['unapproved', 'doubled', 'lost', 'unaudited', 'untrue', 'unnoticed', 'broken'] as const;
export type CountName = (typeof countNames)[number];

/** One thing that must not be, in words. */
export interface Finding {
  readonly count: CountName;
  readonly what: string;
}

/** One operation with everything that is known of it. */
interface Case {
  readonly asked: Asked;
  readonly operation: Operation;
  readonly answers: readonly Answered[];
  /** Resources that were written for it. */
  readonly written: ReadonlySet<string>;
  readonly recorded: (actions: readonly string[], results: ReadonlySet<string>) => readonly AuditRecord[];
}

type Check = (one: Case) => string | false;

const moving = new Set(['planned', 'approved', 'applying']);
const ended = new Set(['success', 'partial', 'failure']);
/** Where an operation cannot be that was ever applied, also in part. */
const neverApplied = new Set(['awaiting-countersign', 'awaiting-confirmation', 'denied', 'withdrawn', 'expired']);
const success = new Set(['success']);
const writing = ['write', 'revert'];

const neverEnded: Check = ({ operation: { status } }) => moving.has(status) && `never came to an end: ${status}`;

const approvedAndExpired: Check = ({ operation, answers }) =>
  operation.status === 'expired' &&
  answers.some(({ taken, decision }) => taken && decision !== 'deny') &&
  'was approved and expired';

const claimsUnwritten: Check = ({ operation, written }) => {
  const missing = operation.result?.outcomes.filter(
    ({ outcome, resourceId }) => outcome === 'applied' && !written.has(resourceId),
  );
  return missing !== undefined && missing.length > 0 && `says it wrote ${missing.length} resources that nobody wrote`;
};

const noPlan: Check = ({ recorded }) => recorded(['plan'], success).length === 0 && 'has no record of its plan';

const noIntent: Check = ({ written, recorded }) =>
  written.size > 0 && recorded(writing, new Set(['started'])).length === 0 && 'wrote without a record before it';

const noOutcome: Check = ({ operation, recorded }) =>
  operation.result !== undefined && recorded(writing, ended).length === 0 && 'has no outcome on record';

const noDecision: Check = ({ operation, recorded }) => {
  const missing = operation.approvals.find(({ decision }) => recorded([decision], success).length === 0);
  return missing !== undefined && `the decision of ${missing.by.personId} is not on record`;
};

const twoOutcomes: Check = ({ recorded }) => {
  const { length } = recorded(writing, ended);
  return length > 1 && `has ${length} outcomes on record`;
};

const outcomeOfNothing: Check = ({ operation: { status }, written, recorded }) =>
  ((written.size === 0 && recorded(writing, new Set(['success', 'partial'])).length > 0) ||
    (neverApplied.has(status) && recorded(writing, ended).length > 0)) &&
  `has an outcome on record and none happened: ${status}`;

const moreDecisionsThanAnswers: Check = ({ answers, recorded }) => {
  for (const decision of ['approve', 'confirm', 'deny'] as const) {
    const said = recorded([decision], success).length;
    const possible = answers.filter((answer) => answer.decision === decision && answer.taken !== false).length;
    if (said > possible) return `${decision} is on record ${said} times, and ${possible} happened`;
  }
  return false;
};

const deniedAndNot: Check = ({ operation, recorded }) =>
  recorded(['deny'], success).length > 0 &&
  !['denied', 'withdrawn'].includes(operation.status) &&
  `is on record as denied and is ${operation.status}`;

const wrongAnswerTaken: Check = ({ answers }) => {
  const wrong = answers.find(({ rightful, taken }) => !rightful && taken === true);
  return wrong !== undefined && `took the ${wrong.decision} of ${wrong.by}, who may not give it`;
};

const checks: Readonly<Partial<Record<CountName, readonly Check[]>>> = {
  lost: [neverEnded, approvedAndExpired, claimsUnwritten],
  unaudited: [noPlan, noIntent, noOutcome, noDecision],
  untrue: [twoOutcomes, outcomeOfNothing, moreDecisionsThanAnswers, deniedAndNot],
  broken: [wrongAnswerTaken],
};

const ofEffects = (attributed: readonly Attributed[]): Finding[] => {
  const unapproved = attributed.filter(({ agreed }) => !agreed);
  const times = Map.groupBy(attributed, ({ effect, asked }) => asked && `${asked.operationId} ${effect.arn}`);
  return [
    ...unapproved.map(({ asked, effect: { arn, after } }) => ({
      count: 'unapproved' as const,
      what: `${asked?.operationId ?? 'Nobody'} gave ${arn} the owner ${after.Owner ?? '(none)'} and nobody agreed to that`,
    })),
    ...[...times]
      .filter(([key, group]) => key !== undefined && group.length > 1)
      .map(([key, group]) => ({ count: 'doubled' as const, what: `${key} was written ${group.length} times` })),
  ];
};

/** Everything that must not be. Empty where the promise was kept. */
export const judge = (evidence: Evidence): Finding[] => {
  const { truth, operations, records, verifier } = evidence;
  const attributed = attribute(evidence);
  const findings = ofEffects(attributed);
  const byOperation = Map.groupBy(records, ({ operationId }) => operationId);
  for (const asked of truth.asked.values()) {
    const { operationId } = asked;
    const operation = operations.get(operationId);
    if (operation === undefined) {
      findings.push({ count: 'lost', what: `${operationId} was answered for and is gone` });
      continue;
    }
    const own = byOperation.get(operationId) ?? [];
    const one: Case = {
      asked,
      operation,
      answers: truth.answers.filter((answer) => answer.operationId === operationId),
      written: new Set(
        attributed.filter((each) => each.asked?.operationId === operationId).map(({ effect }) => effect.arn),
      ),
      recorded: (actions, results) =>
        // That somebody was told is a record of its own.
        own.filter(({ tool, action, result }) => tool !== 'notices' && actions.includes(action) && results.has(result)),
    };
    for (const count of countNames)
      for (const check of checks[count] ?? []) {
        const what = check(one);
        if (what !== false) findings.push({ count, what: `${operationId} ${what}` });
      }
  }
  if (verifier !== undefined) findings.push({ count: 'untrue', what: `the audit log does not verify: ${verifier}` });
  return [...findings, ...truth.broken.map((what) => ({ count: 'broken' as const, what }))];
};
