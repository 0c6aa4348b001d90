/** One thing that would run what it ran before. */
export interface Back {
  readonly region: string;
  /** Such as `service countersign-staging-service`. */
  readonly what: string;
  readonly now: string;
  readonly next: string;
  /** What the settings have to say from then on. Undefined: no setting names it. */
  readonly image: string | undefined;
  /** What comes back besides. */
  readonly remarks: readonly string[];
  /** Resolves when it runs. @throws OperatorProblem where it does not come up */
  readonly go: () => Promise<void>;
}
