/** The REST facade: the same catalogue and pipeline for callers that speak no MCP. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { routes } from '../../../contracts/routes.ts';
import type { Audit, ImportedAudit } from '../audit/port.ts';
import { CountersignError } from '../errors.ts';
import type { Catalogue } from '../mcp/catalogue.ts';
import { invalidInput } from '../mcp/catalogue.ts';
import type { Dispatch } from '../mcp/dispatch.ts';
import type { NeededScopes } from '../mcp/needed-scopes.ts';
import { ApprovalHash, OperationId, TypedText } from '../operations/operation.ts';
import type { Pipeline } from '../operations/pipeline.ts';
import { AuditQuery, readAudit } from '../packs/core/get-audit-log.ts';
import { detailOf } from '../packs/core/present.ts';
import type { Bearer } from './bearer.ts';
import { originOf } from './origin.ts';
import { inQuery, parseQuery } from './query.ts';

export interface FacadeParts {
  readonly bearer: Bearer;
  readonly catalogue: Catalogue;
  readonly dispatch: Dispatch;
  readonly needed: NeededScopes;
  readonly pipeline: Pipeline;
  readonly audit: Audit;
  readonly imported: ImportedAudit;
  readonly publicUrl: string;
  readonly log: Logger;
  readonly now: () => Date;
}

/** Milliseconds that taking a decision may last; what was decided is applied without its caller. */
const DECIDE_MS = 30_000;

const ExecuteTool = z.strictObject({
  tool: z.string().min(1).max(100),
  params: z.record(z.string(), z.json()).default({}),
});
const ConfirmOperation = z.strictObject({
  operation_id: OperationId,
  action: z.enum(['confirm', 'withdraw', 'approve', 'deny']).default('confirm'),
  comment: z.string().max(2000).optional(),
  approval_hash: ApprovalHash.optional(),
  typed: TypedText.optional(),
});

const parse = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw invalidInput(result.error);
};

const { limit, resources } = AuditQuery.shape;
const AuditParameters = AuditQuery.extend({
  limit: inQuery(limit.unwrap()).default(50),
  resources: inQuery(resources.unwrap()).default(10),
});
const NoParameters = z.object({});

const reading = ['operations:read'] as const;

export const registerFacade = (app: FastifyInstance, parts: FacadeParts): void => {
  const { bearer } = parts;
  const guarded = { onRequest: bearer.authenticate };
  const withoutParameters = {
    ...guarded,
    preValidation: async (request: FastifyRequest) => void parseQuery(NoParameters, request),
  };

  app.post(routes.executeTool.path, withoutParameters, async (request, reply) => {
    const { tool, params } = parse(ExecuteTool, request.body);
    const entry = parts.catalogue.entries.get(tool);
    const needed = entry ? await parts.needed(entry.tool, params, bearer.callerOf(request)) : [];
    if (await bearer.lacks(request, needed)) return bearer.challenge(request, reply, needed);
    const { structured, beliefs } = await parts.dispatch({
      name: tool,
      args: params,
      ...aboutOf(parts, request),
      signal: hungUp(reply),
      progress: async () => {},
    });
    return { tool, result: structured, assumptions: beliefs, correlation_id: request.id };
  });

  app.post(routes.confirmOperation.path, withoutParameters, (request, reply) => confirm(parts, request, reply));

  app.get(routes.listTools.path, withoutParameters, async () => ({ tools: parts.catalogue.list }));

  app.get(routes.auditLogs.path, guarded, async (request, reply) => {
    if (await bearer.lacks(request, reading)) return bearer.challenge(request, reply, reading);
    return readAudit(parts, parseQuery(AuditParameters, request), bearer.callerOf(request));
  });
};

const aboutOf = (parts: FacadeParts, request: FastifyRequest) => ({
  caller: parts.bearer.callerOf(request),
  origin: originOf(request),
});

/** Aborts when the client goes away before it has its answer. The request's own end tells only that it was sent. */
const hungUp = (reply: FastifyReply): AbortSignal => {
  const gone = new AbortController();
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
};

const confirm = async (parts: FacadeParts, request: FastifyRequest, reply: FastifyReply) => {
  const input = parse(ConfirmOperation, request.body);
  if (await parts.bearer.lacks(request, reading)) return parts.bearer.challenge(request, reply, reading);
  const found = await parts.pipeline.seenBy(parts.bearer.callerOf(request)).get(input.operation_id);
  if (!found) throw new CountersignError('not_found', `operation_id: there is no operation ${input.operation_id}.`);
  const own = input.action === 'confirm' || input.action === 'withdraw';
  const scope = parts.pipeline.sight.scopeOf(found, own ? 'write' : 'approve');
  const needed = scope === undefined ? reading : [scope];
  if (await parts.bearer.lacks(request, needed)) return parts.bearer.challenge(request, reply, needed);
  const { caller, origin } = aboutOf(parts, request);
  const { correlationId } = origin;
  const decided = await parts.pipeline.decide(
    {
      operationId: input.operation_id,
      decision: input.action,
      comment: input.comment,
      approvalHash: input.approval_hash,
      typed: input.typed,
    },
    caller,
    {
      caller,
      origin,
      signal: AbortSignal.timeout(DECIDE_MS),
      progress: async () => {},
      log: parts.log.child({ correlationId }),
      now: parts.now,
      assume: () => {},
    },
  );
  const operation = await parts.pipeline.outcome(decided);
  return { operation: detailOf(operation, parts.publicUrl), correlation_id: correlationId };
};
