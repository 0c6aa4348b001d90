/** Something is wrong that the operator can put right; the message says what, and what to do. */
export class OperatorProblem extends Error {
  override readonly name: string = 'OperatorProblem';
}

/** The command was called in a way that it does not understand. Nothing was done. */
export class UsageProblem extends OperatorProblem {
  override readonly name = 'UsageProblem';
}
