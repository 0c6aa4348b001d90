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

/** Of what runs what it ran before already. @param what such as `revision 3` */
export const alreadyBack = (what: string): string =>
  `It runs ${what} already, and went back to it. To go further back, name it with --to: docs/operating.md says what that may break.`;
