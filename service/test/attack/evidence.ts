/** What is looked at once everything came to its end: the truth, the upstream's ledger, the operations, the audit log. */
import { recordFromRow } from '../../src/audit/chain.ts';
import type { AuditRecord } from '../../src/audit/record.ts';
import { Operation } from '../../src/operations/operation.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { rowsOf } from '../faults/watched.ts';
import type { Effect } from './cloud.ts';
import type { Asked, Truth } from './truth.ts';

export interface Evidence {
  readonly truth: Truth;
  readonly effects: readonly Effect[];
  readonly operations: ReadonlyMap<string, Operation>;
  readonly records: readonly AuditRecord[];
  /** What the verifier of the audit log said, where it found it broken. */
  readonly verifier: string | undefined;
}

/** Reads operations and audit records from the store itself. */
export const readStore = async (tables: TableEngine): Promise<Pick<Evidence, 'operations' | 'records'>> => {
  const operations = new Map<string, Operation>();
  for await (const row of rowsOf(tables, 'operations')) {
    const parsed = Operation.safeParse(row.record);
    if (parsed.success) operations.set(parsed.data.operationId, parsed.data);
  }
  const records: AuditRecord[] = [];
  for await (const row of rowsOf(tables, 'audit-logs'))
    records.push(recordFromRow(row as Parameters<typeof recordFromRow>[0]));
  return { operations, records };
};

/** An effect with the operation it was an effect of. */
export interface Attributed {
  readonly effect: Effect;
  /** Undefined where nobody asked for it. */
  readonly asked: Asked | undefined;
  /** Whether a person who may had said yes before it. */
  readonly agreed: boolean;
}

export const attribute = ({ truth, effects }: Pick<Evidence, 'truth' | 'effects'>): Attributed[] => {
  const used = new Map<string, number>();
  const ownerAfter = (asked: Asked, arn: string): string | undefined => {
    const original = truth.asked.get(asked.reverts ?? '');
    if (original === undefined) return asked.owner;
    // A rollback of a rollback sets again what the first operation set.
    if (original.reverts !== undefined) return truth.asked.get(original.reverts)?.owner;
    return effects.find((effect) => effect.arn === arn && effect.after.Owner === original.owner)?.before.Owner;
  };
  const agreedBefore = ({ operationId }: Asked, at: number): boolean =>
    truth.answers.some(
      (answer) =>
        answer.operationId === operationId && answer.rightful && answer.decision !== 'deny' && answer.at <= at,
    );
  return effects.map((effect) => {
    const { arn, after, at } = effect;
    const uses = ({ operationId }: Asked): number => used.get(`${operationId} ${arn}`) ?? 0;
    const rank = (one: Asked): number => uses(one) + (agreedBefore(one, at) ? 0 : 1000);
    const [asked] = [...truth.asked.values()]
      .filter((one) => one.arns.includes(arn) && ownerAfter(one, arn) === after.Owner)
      .toSorted((a, b) => rank(a) - rank(b));
    if (asked) used.set(`${asked.operationId} ${arn}`, uses(asked) + 1);
    return { effect, asked, agreed: asked !== undefined && agreedBefore(asked, at) };
  });
};
