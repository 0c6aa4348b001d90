/** Which answers a person may give to an operation, by the very checks the pipeline holds an answer against. */
import type { Scope } from '../../../../contracts/scopes.ts';
import type { Person } from '../../auth/caller.ts';
import { refusalOnPage } from '../../operations/on-page.ts';
import type { Approval, Operation } from '../../operations/operation.ts';
import type { Pipeline } from '../../operations/pipeline.ts';

export const pageAnswers: readonly Approval['decision'][] = ['approve', 'confirm', 'deny'];

/** Who answers, and what their answer is held against. */
export interface Answering {
  readonly operations: Pick<Pipeline, 'sight' | 'integrity'>;
  /** Setting APPROVE_WITHOUT_EMAIL. */
  readonly approveWithoutEmail: boolean;
  readonly now: () => Date;
}
export interface Answerer {
  readonly person: Person;
  readonly scopes: ReadonlySet<Scope>;
}

/** @param integrity of the stored plan; default as its hash says */
export const pageRefusal = (
  operation: Operation,
  decision: Approval['decision'],
  { person, scopes }: Answerer,
  { operations, approveWithoutEmail, now }: Answering,
  integrity = operations.integrity(operation),
) =>
  refusalOnPage(
    { sight: operations.sight, integrity: () => integrity, approveWithoutEmail, now },
    operation,
    decision,
    { ...person, scopes },
  );

/** Answers that somebody may give, as far as can be told without hashing each plan of a list. */
export const answersIn = (operation: Operation, by: Answerer, parts: Answering): readonly Approval['decision'][] =>
  pageAnswers.filter((answer) => pageRefusal(operation, answer, by, parts, 'whole') === undefined);

/** Whether it is them who are waited for: they may agree to it. Denying is more people's to do. */
export const waitsFor = (operation: Operation, by: Answerer, parts: Answering): boolean =>
  answersIn(operation, by, parts).some((answer) => answer !== 'deny');
