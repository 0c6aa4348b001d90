/** Denies several operations at once, or approves the parts of one request: each is checked and recorded by itself, and each has a result of its own. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { CountersignError } from '../../errors.ts';
import { ApprovalHash } from '../../operations/operation.ts';
import { denialsPage } from '../../web/index.ts';
import { hrefWith, signInHref } from '../../web/links.ts';
import type { DenialProps } from '../../web/props.ts';
import { isFresh } from './answers.ts';
import { pageCallOf } from './call-context.ts';
import type { PageParts } from './parts.ts';
import { forTheirForm, type Visitor } from './visitor.ts';
import { WaitingPageQuery, waitingPage } from './waiting.ts';

/** More than one page of the list holds. */
const most = 50;

/** An operation and the hash of the plan that was shown, as its box sends them. */
const Ticked = z
  .string()
  .max(400)
  .transform((value) => value.split(' ', 2))
  .pipe(z.tuple([z.string().min(1), ApprovalHash]));

const Several = z.object({
  // One box that is ticked is no list yet.
  operation: z
    .union([z.array(Ticked), Ticked.transform((one) => [one])])
    .default([])
    .pipe(z.array(z.tuple([z.string(), z.string()])).max(most)),
  comment: z.string().max(4000).default(''),
  answer: z.enum(['approve', 'deny']).default('deny'),
});
type Several = z.infer<typeof Several>;

const parse = (body: unknown): Several => {
  const several = Several.safeParse(body);
  if (several.success) return several.data;
  throw new CountersignError('invalid_input', 'The form is not complete. Open the page again and repeat your answer.');
};

const moved = 'It is not what you were shown: it was planned again meanwhile. Read the new plan, then answer it.';

/** Answers one, if it still is what was shown. Only parts of the request that the page was about are approved. */
const answerOne = async (
  parts: PageParts,
  visitor: Visitor,
  request: FastifyRequest,
  [operationId, shownHash]: Several['operation'][number],
  { comment, answer }: Pick<Several, 'comment' | 'answer'>,
  batch: string | undefined,
): Promise<DenialProps> => {
  const seen = parts.operations.seenBy(visitor);
  const result = async (came: DenialProps['came'], text: string): Promise<DenialProps> => ({
    operationId,
    operation: await seen.get(operationId),
    came,
    text,
  });
  try {
    const before = await seen.get(operationId);
    if (before !== undefined && before.approvalHash !== shownHash) return await result('moved', moved);
    if (answer === 'approve' && (batch === undefined || before?.batch?.[0] !== batch))
      return await result('refused', 'It is no part of this request. Approve it on its own page.');
    const by = { ...visitor.person, scopes: visitor.scopes };
    const decision = {
      ...{ operationId, decision: answer, approvalHash: shownHash },
      comment: comment.trim() === '' ? undefined : comment,
    };
    await parts.operations.decide(decision, by, pageCallOf(visitor, request, parts));
    return await result(
      'done',
      answer === 'deny' ? 'Nothing was changed.' : 'It is applied now; its page shows the progress.',
    );
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    // What was denied before it must still be told, also where the store went away meanwhile.
    const text = error.code === 'not_found' ? 'There is no such operation.' : error.message;
    if (error.status >= 500) return { operationId, came: 'refused', text };
    const over = error.code === 'already_decided' || error.code === 'request_expired';
    return result(over ? 'moved' : 'refused', text);
  }
};

export const addDenials = (scope: FastifyInstance, parts: PageParts): void => {
  scope.post(
    routes.denySeveral.path,
    forTheirForm(parts, async (visitor, request, reply) => {
      const { operation: ticked, comment, answer } = parse(request.body);
      const query = WaitingPageQuery.parse(request.query);
      if (answer === 'approve' && !isFresh(visitor, parts))
        return reply.redirect(signInHref(hrefWith(routes.approvals.path, { batch: query.batch }), true), 303);
      const problem =
        ticked.length === 0
          ? `Tick what you want to ${answer}.`
          : answer === 'deny' &&
            comment.trim() === '' &&
            'Say why you deny them, so that their requesters can correct them.';
      if (problem) {
        reply.code(400);
        return waitingPage(parts, visitor, query, {
          draft: { problem, comment },
          ticked: new Set(ticked.map(([operationId]) => operationId)),
        });
      }
      const results: DenialProps[] = [];
      // One after the other: each is a transaction of its own.
      for (const one of ticked)
        results.push(await answerOne(parts, visitor, request, one, { comment, answer }, query.batch));
      parts.waits.forget(visitor.person.personId);
      return denialsPage({ ...visitor.frame, results, answer });
    }),
  );
};
