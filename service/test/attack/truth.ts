/** What the attackers and the people really did, kept apart from anything the service says. */

export type Decision = 'approve' | 'confirm' | 'deny';

/** A change somebody asked for, and the service took on. */
export interface Asked {
  readonly operationId: string;
  readonly by: string;
  readonly arns: readonly string[];
  /** The owner it sets; no two operations set the same. */
  readonly owner: string | undefined;
  /** The operation it takes back, for a rollback. */
  readonly reverts?: string;
}

/** An answer somebody gave to an operation. */
export interface Answered {
  readonly operationId: string;
  readonly by: string;
  readonly decision: Decision;
  /** Given by a person who may, on the page, on the plan they saw. All else is an attack. */
  readonly rightful: boolean;
  /** Epoch milliseconds at which it was sent. */
  readonly at: number;
  /** Whether the service took it; undefined while nobody knows, as when a task dies over it. */
  taken: boolean | undefined;
}

export class Truth {
  readonly asked = new Map<string, Asked>();
  readonly answers: Answered[] = [];
  /** Attempts that must be refused, and were not: each is a broken promise by itself. */
  readonly broken: string[] = [];
  #owners = 0;

  /** An owner that no operation sets but one. */
  nextOwner(): string {
    this.#owners += 1;
    return `owner-${this.#owners}@example.com`;
  }

  ask(asked: Asked): Asked {
    this.asked.set(asked.operationId, asked);
    return asked;
  }

  /** Notes an answer before it is sent. */
  answering(operationId: string, by: string, decision: Decision, rightful: boolean): Answered {
    const answer: Answered = { operationId, by, decision, rightful, at: Date.now(), taken: undefined };
    this.answers.push(answer);
    return answer;
  }
}
