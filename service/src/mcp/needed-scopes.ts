/** The scopes that one call needs, and how a list of tools names them. */
import { enabled, upstreamsOf } from '../../../contracts/packs/index.ts';
import { askedFor, isScope, type Scope } from '../../../contracts/scopes.ts';
import type { Caller } from '../auth/caller.ts';
import { CountersignError } from '../errors.ts';
import { OperationId } from '../operations/operation.ts';
import type { Pipeline } from '../operations/pipeline.ts';
import type { Tool } from './tool.ts';

/** The scopes that a call with these arguments, not looked at yet, needs. */
export type NeededScopes = (tool: Tool, args: unknown, caller: Caller) => Promise<readonly Scope[]>;

const ownNeed = (tool: Tool) => (tool.kind === 'decision' ? tool.needs : undefined);

/**
 * Of a tool that decides any pack's operation: the scope of the operation's own tool. For an operation that there is not,
 * or that the caller may not see, it is what looking at it takes: the pipeline then says that there is none.
 */
export const neededScopes =
  ({ seenBy, sight }: Pick<Pipeline, 'seenBy' | 'sight'>): NeededScopes =>
  async (tool, args, caller) => {
    if (tool.scopesFor !== undefined)
      return tool.scopesFor(Object(args), caller).catch((error: unknown) => leftToTheCall(error) ?? tool.scopes);
    const need = ownNeed(tool);
    if (need === undefined) return tool.scopes;
    const id = OperationId.safeParse(Object(args).operation_id);
    const found = id.success ? await seenBy(caller).get(id.data).catch(leftToTheCall) : undefined;
    return [(found && sight.scopeOf(found, need)) ?? 'operations:read'];
  };

/** What is wrong with reading the operation is the call's own answer. The pipeline looks at the scope again. */
const leftToTheCall = (error: unknown): undefined => {
  if (!(error instanceof CountersignError)) throw error;
};

/** The scopes of which a call needs one, or of a tool of a pack all, as people ask for them. */
export const publishedScopes = (tool: Tool, packs: readonly string[]): Scope[] => {
  if (tool.kind === 'decision' && tool.scopesFor !== undefined)
    return [...new Set([...upstreamsOf(packs).values()].map(({ decide }) => decide))].filter(isScope);
  const need = ownNeed(tool);
  if (need === undefined) return tool.scopes.flatMap((name) => askedFor(name, packs));
  const changes = enabled(packs).flatMap(([, contract]) =>
    Object.values(contract.tools).filter(({ kind }) => kind === 'change'),
  );
  const own = changes.map(({ scope, approve }) => (need === 'write' ? scope : approve));
  return [...new Set(own.filter((name) => name !== undefined).filter(isScope))];
};
