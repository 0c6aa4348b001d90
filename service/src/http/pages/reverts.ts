/** Plans the revert of an operation from its page. What comes of it is a change that waits like any other. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { eventFrom } from '../../audit/event.ts';
import { CountersignError } from '../../errors.ts';
import { approvalHref, operationHref, signInHref } from '../../web/links.ts';
import { isFresh } from './answers.ts';
import { pageCallOf } from './call-context.ts';
import { operationView } from './operation-view.ts';
import { findOperation } from './operations.ts';
import type { PageParts } from './parts.ts';
import { forTheirForm } from './visitor.ts';

// A browser sends line breaks as CR LF, which may make a reason of the form's limit longer than it.
const Form = z.object({
  reason: z.string().trim().max(1000).default(''),
  /** Resources that are ticked. One is no list. */
  only: z.preprocess(
    (ticked) => (typeof ticked === 'string' ? [ticked] : ticked),
    z.array(z.string().min(1).max(2000)).min(1).max(500).optional(),
  ),
});

/** A browser sends no access token along: whose revert acts with one has an agent plan it. Undefined for any other failure. */
const headerNeeded = ({ code, details }: CountersignError, operationId: string): string | undefined =>
  code === 'credentials_required' && typeof details.header === 'string'
    ? `A revert of this acts with an access token of your own, which this page cannot send. Have your agent call rollback_operation with operation_id ${operationId} and the token in the header ${details.header}. Nothing was planned.`
    : undefined;

export const addReverts = (scope: FastifyInstance, parts: PageParts): void => {
  scope.post(
    routes.planRevert.path,
    forTheirForm(parts, async (visitor, request, reply) => {
      const form = Form.safeParse(request.body);
      if (!form.success)
        throw new CountersignError('invalid_input', 'reason: is too long, or a ticked resource is none.');
      const operation = await findOperation(parts, visitor, request.params);
      const { operationId, tool } = operation;
      if (!isFresh(visitor, parts)) return reply.redirect(signInHref(operationHref(operationId), true), 303);
      const context = pageCallOf(visitor, request, parts);
      try {
        const planned = await parts.operations.revert(
          { operationId, reason: form.data.reason || undefined, only: form.data.only },
          context,
        );
        return reply.redirect(`${approvalHref(planned.operationId)}?planned=1`, 303);
      } catch (error) {
        if (!(error instanceof CountersignError) || error.status >= 500) throw error;
        const { code: errorCode, message } = error;
        await parts.audit.append(
          eventFrom(context.origin, {
            ...{ userId: visitor.person.personId, tool, operationId, action: 'plan', result: 'blocked' },
            ...{ errorCode, errorMessage: message },
          }),
        );
        reply.code(error.status);
        return operationView(parts, operation, visitor, {
          notice: { kind: 'problem', text: headerNeeded(error, operationId) ?? message },
        });
      }
    }),
  );
};
