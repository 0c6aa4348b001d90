/** Something is wrong that the operator can mend; the message says what, and what to do. */
export class OperatorProblem extends Error {
  override readonly name = 'OperatorProblem';
}
