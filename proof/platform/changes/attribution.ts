/** Whose doing a change is, where several rows are planned together. */
import type { PlanJson, ResourceChange } from '../../../scripts/plan-review/plan-json.ts';
import { type Blocks, dependantsOf, differing, namesIn } from './blocks.ts';
import type { ChangeRow } from './row.ts';

/** What a row alone makes of the stack. */
export interface Subject {
  readonly row: ChangeRow;
  readonly blocks: Blocks;
}

/** The rows that a change of a resource comes from. */
export type Owners = (address: string) => readonly ChangeRow[];

/** Rows that add or remove the resource, or else change it, or else what it depends on. */
const byAddress = (base: Blocks, subjects: readonly Subject[]): Owners => {
  const reached = subjects.map(({ row, blocks }) => {
    const direct = differing(base, blocks);
    const moved = new Set([...direct].filter((address) => base.has(address) !== blocks.has(address)));
    const all = new Set([...dependantsOf(base, direct), ...dependantsOf(blocks, direct)]);
    return { row, degrees: [moved, direct, all] };
  });
  return (address) => {
    for (const degree of [0, 1, 2]) {
      const owners = reached.filter(({ degrees }) => degrees[degree]?.has(address));
      if (owners.length > 0) return owners.map(({ row }) => row);
    }
    return [];
  };
};

const forcing = ({ change }: ResourceChange): readonly string[] =>
  (change.replace_paths ?? []).map(([attribute]) => String(attribute));

/** A replacement is of the rows that change what forces it, in the resource itself or in what the attribute names. */
export const attribution = (base: Blocks, subjects: readonly Subject[], { resource_changes }: PlanJson): Owners => {
  const otherwise = byAddress(base, subjects);
  const changes = new Map(resource_changes.map((change) => [change.address, change]));
  const isChanged = ({ blocks }: Subject, address: string, attribute: string): boolean =>
    blocks.has(address) &&
    JSON.stringify(base.get(address)?.[attribute]) !== JSON.stringify(blocks.get(address)?.[attribute]);
  const ownersOf = (address: string, seen: ReadonlySet<string>): readonly ChangeRow[] => {
    const change = changes.get(address);
    const attributes = change === undefined || !base.has(address) ? [] : forcing(change);
    const direct = subjects.filter((subject) => attributes.some((name) => isChanged(subject, address, name)));
    if (direct.length > 0) return direct.map(({ row }) => row);
    const named = attributes.flatMap((name) => namesIn(base.get(address)?.[name])).filter((other) => !seen.has(other));
    const owners = new Set(
      named
        .filter((other) => changes.get(other)?.change.actions.includes('delete'))
        .flatMap((other) => ownersOf(other, new Set([...seen, address]))),
    );
    return owners.size > 0 ? [...owners] : otherwise(address);
  };
  return (address) => ownersOf(address, new Set());
};
