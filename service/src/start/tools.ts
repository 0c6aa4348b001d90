/** The tools of the core and of the packs: the catalogue, the way of a call, and what MCP shows of both. */
import { createRequestStateCodec, type RequestStateCodec } from '@modelcontextprotocol/server';
import type { AccountAccess } from '../accounts/access.ts';
import type { Audit, ImportedAudit } from '../audit/port.ts';
import type { Auth } from '../auth/auth.ts';
import { createAppSurface } from '../mcp/app-surface.ts';
import { type Catalogue, createCatalogue } from '../mcp/catalogue.ts';
import { createCursors } from '../mcp/cursors.ts';
import { createDispatch, type Dispatch } from '../mcp/dispatch.ts';
import { createGuards } from '../mcp/guards.ts';
import { instructionsOf } from '../mcp/instructions.ts';
import { neededScopes } from '../mcp/needed-scopes.ts';
import { createConversations } from '../mcp/safety/conversations.ts';
import { mayBeQuestioned } from '../mcp/safety/questions.ts';
import type { Surface } from '../mcp/surface.ts';
import type { Pipeline } from '../operations/pipeline.ts';
import { openCoreTools, operationResources } from '../packs/core/index.ts';
import type { OpenPacks } from '../packs/open.ts';
import type { Foundation } from './foundation.ts';
import type { OpenSafety } from './safety.ts';

const REQUEST_STATE_SECONDS = 300;

interface Below {
  readonly audit: Audit;
  readonly imported: ImportedAudit;
  readonly auth: Pick<Auth, 'secrets'>;
  readonly pipeline: Pipeline;
  readonly packs: OpenPacks;
  readonly access: AccountAccess;
  readonly safety: OpenSafety;
}

export interface ServedTools {
  readonly catalogue: Catalogue;
  readonly dispatch: Dispatch;
  readonly needed: ReturnType<typeof neededScopes>;
  readonly surface: Surface;
  readonly requestState: RequestStateCodec<unknown>;
}

const personOf = (extra: Record<string, unknown> | undefined): unknown => {
  const caller = extra?.caller;
  return typeof caller === 'object' && caller !== null && 'personId' in caller ? caller.personId : undefined;
};

const openDispatch = (
  { config, state, metrics, log, now }: Foundation,
  { audit, auth, pipeline, access, safety }: Below,
  { catalogue, needed }: Pick<ServedTools, 'catalogue' | 'needed'>,
): Dispatch =>
  createDispatch({
    ...{ catalogue, needed, pipeline, audit, metrics, log, now },
    packs: config.TOOL_PACKS,
    guards: createGuards(state.ephemeral, {
      budgetCallsPerHour: config.BUDGET_CALLS_PER_HOUR,
      loopCalls: config.LOOP_CALLS,
    }),
    cursors: createCursors(auth.secrets.cursorKey, now),
    accounts: access.gate,
    questions: safety.questions,
    conversations: createConversations(state.ephemeral),
  });

/** @param given.surface puts another surface in place of the own one */
export const serveTools = (
  given: Foundation & {
    readonly draining: () => boolean;
    readonly surface?: (own: Surface, requestState: RequestStateCodec<unknown>) => Surface;
  },
  below: Below,
): ServedTools => {
  const { config } = given;
  const { audit, imported, auth, pipeline, packs, access, safety } = below;
  const core = {
    ...{ pipeline, audit, imported, access, publicUrl: config.PUBLIC_URL, now: given.now },
    safety: { ...safety.questions, mayAsk: packs.tools.some(mayBeQuestioned) },
    waits: { mostSeconds: config.LONGEST_WAIT_SECONDS, stopping: given.draining },
  };
  const catalogue = createCatalogue([...packs.tools, ...openCoreTools(core)], config.TOOL_PACKS);
  const needed = neededScopes(pipeline);
  const dispatch = openDispatch(given, below, { catalogue, needed });
  const own = createAppSurface({
    ...{ catalogue, needed, dispatch },
    packs: config.TOOL_PACKS,
    resources: packs.resources,
    families: [operationResources(core)],
    prompts: packs.prompts,
    instructions: instructionsOf(packs.each.map(({ contract }) => contract)),
  });
  const requestState = createRequestStateCodec({
    key: auth.secrets.requestStateKey,
    ttlSeconds: REQUEST_STATE_SECONDS,
    bind: ({ mcpReq, http }) =>
      JSON.stringify([mcpReq.method, http?.authInfo?.clientId, personOf(http?.authInfo?.extra)]),
  });
  return { catalogue, dispatch, needed, requestState, surface: given.surface?.(own, requestState) ?? own };
};
