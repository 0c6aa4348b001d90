/** The form of the approvals page: one person's answer to one operation. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { CountersignError } from '../../errors.ts';
import { ApprovalHash, TypedText } from '../../operations/operation.ts';
import { approvalHref, operationHref, signInHref } from '../../web/links.ts';
import { isFresh } from './answers.ts';
import { pageCallOf } from './call-context.ts';
import { operationView } from './operation-view.ts';
import { findOperation } from './operations.ts';
import type { PageParts } from './parts.ts';
import { forTheirForm, type Visitor } from './visitor.ts';

const Answer = z.object({
  decision: z.enum(['approve', 'confirm', 'deny']),
  // A browser sends line breaks as CR LF, which may make a comment of the form's limit longer than it.
  comment: z.string().max(4000).default(''),
  approval_hash: ApprovalHash,
  typed: TypedText.optional(),
});
type Answer = z.infer<typeof Answer>;

const parse = (body: unknown): Answer => {
  const answer = Answer.safeParse(body);
  if (answer.success) return answer.data;
  throw new CountersignError('invalid_input', 'The form is not complete. Open the page again and repeat your answer.');
};

/** The page again, saying why the answer was not taken; faults and an absent store are not ours to explain. */
const refused = async (
  parts: PageParts,
  error: unknown,
  { comment, typed }: Answer,
  visitor: Visitor,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string> => {
  if (!(error instanceof CountersignError) || error.status >= 500) throw error;
  const operation = await findOperation(parts, visitor, request.params);
  reply.code(error.status);
  const draft = { comment, ...(typed !== undefined && { typed }) };
  const field = error.details.field === 'typed' ? ({ field: 'typed' } as const) : {};
  return operationView(
    parts,
    operation,
    visitor,
    error.code === 'invalid_input'
      ? { draft: { ...draft, ...field, problem: error.message } }
      : { notice: { kind: 'problem', text: error.message }, draft },
  );
};

export const addDecision = (scope: FastifyInstance, parts: PageParts): void => {
  scope.post(
    routes.decide.path,
    forTheirForm(parts, async (visitor, request, reply) => {
      const answer = parse(request.body);
      const { operationId } = await findOperation(parts, visitor, request.params);
      const { decision, comment, approval_hash: approvalHash, typed } = answer;
      const { personId } = visitor.person;
      if (decision !== 'deny' && !isFresh(visitor, parts)) {
        if (comment.trim() !== '') await parts.drafts.keep(personId, operationId, comment);
        return reply.redirect(signInHref(approvalHref(operationId), true), 303);
      }
      try {
        await parts.operations.decide(
          { operationId, decision, comment, approvalHash, typed },
          { ...visitor.person, scopes: visitor.scopes },
          pageCallOf(visitor, request, parts),
        );
      } catch (error) {
        return refused(parts, error, answer, visitor, request, reply);
      }
      parts.waits.forget(personId);
      await parts.drafts.drop(personId, operationId);
      return reply.redirect(`${operationHref(operationId)}?answered=1`, 303);
    }),
  );
};
