/** Which operations somebody may see, and which scope each step of one takes: those of the tool that made it. */
import { impliedOnly, ownTools } from '../../../contracts/packs/core.ts';
import { enabled } from '../../../contracts/packs/index.ts';
import type { ToolContract } from '../../../contracts/packs/pack.ts';
import { impliedScopes, isScope, type Scope, scopes } from '../../../contracts/scopes.ts';
import type { Operation } from './operation.ts';

/** write: to confirm and to roll back. approve: to countersign or deny. */
export type Need = 'write' | 'approve';

export interface Sight {
  /**
   * Whether what a tool made (operations, snapshots, audit records) is shown to a holder of these scopes. Of a tool whose
   * pack is off, or that this version does not know, only to an admin.
   */
  shows(tool: string, held: ReadonlySet<Scope>): boolean;
  /** The tools that `shows` is true of; undefined for an admin, who is shown those of tools that nobody knows, too. */
  toolsShown(held: ReadonlySet<Scope>): readonly string[] | undefined;
  /** The scope a step of the operation takes; undefined where its tool is not served. */
  scopeOf(operation: Pick<Operation, 'tool' | 'approveScope'>, need: Need): Scope | undefined;
}

/**
 * The scopes that let somebody read what a tool did. Of a tool that needs an elevated one: the reading of a pack that it
 * implies, and where it implies none, itself: the core's reading is every pack's readers' alike.
 */
const readersOf = ({ scope, read }: ToolContract): readonly Scope[] => {
  const own = [read ?? scope].filter(isScope);
  return own.flatMap((name) => {
    const reading = [...impliedScopes([name])].filter(
      (each) => !scopes[each].elevated && !Object.hasOwn(impliedOnly, each),
    );
    return reading.length > 0 ? reading : [name];
  });
};

/** @param packs names of those that are enabled */
export const createSight = (packs: readonly string[]): Sight => {
  const tools = new Map<string, ToolContract>(enabled(packs).flatMap(([, { tools: own }]) => Object.entries(own)));
  const readers = new Map([...tools].map(([name, tool]) => [name, readersOf(tool)]));
  const shows: Sight['shows'] = (tool, held) => {
    const needed = readers.get(tool) ?? [];
    return held.has('admin') || (needed.length > 0 && needed.every((scope) => held.has(scope)));
  };
  // Only these keep operations.
  const changes = [...tools].flatMap(([name, { kind }]) => (kind === 'change' ? [name] : []));
  return {
    shows,
    toolsShown: (held) => (held.has('admin') ? undefined : changes.filter((tool) => shows(tool, held))),
    scopeOf: ({ tool, approveScope }, need) => {
      const contract = tools.get(tool);
      if (contract?.kind !== 'change' || need === 'approve') return contract && approveScope;
      return isScope(contract.scope) ? contract.scope : undefined;
    },
  };
};

/** What the service itself writes into the audit log, apart from calls of tools. */
export const ownParts: ReadonlySet<string> = new Set([
  ...Object.keys(ownTools),
  'sign-in',
  'consent',
  'token',
  'step-up',
  'apps-page',
  'audit-page',
  'notices',
  'notices-page',
]);

/** Whether an audit record is about no tool of a pack. */
export const isOwnPart = (tool: string): boolean => ownParts.has(tool);
