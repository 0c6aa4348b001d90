/** What the clients of a cutover did, and what of it failed. */

/** A change that a client asked for and saw applied. */
export interface Written {
  readonly operationId: string;
  readonly arn: string;
  readonly owner: string;
}

export interface Failure {
  readonly at: string;
  readonly what: string;
  readonly why: string;
}

export class Tally {
  calls = 0;
  streams = 0;
  refreshes = 0;
  readonly written: Written[] = [];
  readonly failures: Failure[] = [];

  /** Counts a call, and keeps why it failed. Undefined: it did. */
  async note<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
    this.calls++;
    try {
      return await call();
    } catch (error) {
      const why =
        error instanceof Error ? `${error.name}: ${error.message} ${String(error.cause ?? '')}` : String(error);
      this.failures.push({ at: new Date().toISOString(), what, why: why.trim().slice(0, 500) });
      return undefined;
    }
  }
}
