/** Periodic work of a pack. A task runs it on a timer, a Lambda function beside a request. */
export interface PackJob {
  /** Unique in the pack. */
  readonly name: string;
  /** Milliseconds from one turn to the next, in each process. A turn that takes longer makes the next one late. */
  readonly everyMs: number;
  /** It may also run in a region that only reads. Default: only where the service may write. */
  readonly anyRegion?: true;
  /**
   * Every task runs it, so two may at once: what must happen once is claimed by a conditional write.
   * A rejection is logged, and the next turn comes all the same.
   * @example
   * { name: 'forget old notes', everyMs: 3_600_000, work: () => notes.forgetBefore(monthAgo()) }
   */
  work(): Promise<unknown>;
}
