/** Holds the records of one chain against what the pipeline promises: an intent before, one outcome after. */
import type { AuditFinding } from './finding.ts';
import type { AuditRecord } from './record.ts';

interface Applying {
  intents: number;
  outcomes: number;
  /** Its intent names the plan, as it does since an outcome is written in the transaction that ends the operation. */
  exact: boolean;
}

const outcomes: ReadonlySet<string> = new Set(['success', 'partial', 'failure']);

export class Steps {
  readonly #operations = new Map<string, Applying>();
  #fromTheFirst = false;
  /** The first record that the promise does not allow. */
  finding: AuditFinding | undefined;

  see({ operationId, tool, action, result, summary, sequence }: AuditRecord): void {
    if (sequence === 1) this.#fromTheFirst = true;
    // That somebody was told of an operation is no outcome of it.
    if (operationId === undefined || tool === 'notices' || (action !== 'write' && action !== 'revert')) return;
    const seen = this.#operations.get(operationId) ?? { intents: 0, outcomes: 0, exact: false };
    this.#operations.set(operationId, seen);
    if (result === 'started') {
      seen.intents += 1;
      seen.exact ||= typeof Object(summary).approvalHash === 'string';
    }
    if (!outcomes.has(result)) return;
    seen.outcomes += 1;
    // The intent may have expired where the chain does not begin with its first record.
    if (seen.intents === 0 && this.#fromTheFirst)
      this.#find(sequence, `${operationId} has an outcome without an intent`);
    if (seen.exact && seen.outcomes > 1) this.#find(sequence, `${operationId} has a second outcome`);
  }

  #find(sequence: number, detail: string): void {
    this.finding ??= { sequence, kind: 'untrue', detail };
  }
}
