/** The page that shows one operation, at the address it is answered at and at the one it is looked up by. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { CountersignError } from '../../errors.ts';
import { count, plural } from '../../measures/words.ts';
import type { Operation, Status } from '../../operations/operation.ts';
import type { OperationProps } from '../../web/props.ts';
import { operationView } from './operation-view.ts';
import type { PageParts } from './parts.ts';
import { forPeople, type Visitor } from './visitor.ts';

const OperationPath = z.object({ operationId: z.string() });
// What a browser was made to ask for is not an error worth a page: it is left out.
const OperationQuery = z.object({
  from: z.coerce.number().int().min(0).max(1_000_000).optional().catch(undefined),
  q: z
    .string()
    .trim()
    .max(200)
    .transform((typed) => typed || undefined)
    .optional()
    .catch(undefined),
  only: z.enum(['fails', 'loses']).optional().catch(undefined),
  group: z.enum(['account', 'kind', 'region', 'lost']).optional().catch(undefined),
  planned: z.enum(['1', 'change']).optional().catch(undefined),
  answered: z.literal('1').optional().catch(undefined),
  follow: z.literal('0').optional().catch(undefined),
});

/** @throws not_found, also for one that the visitor may not see */
export const findOperation = async (parts: PageParts, visitor: Visitor, params: unknown): Promise<Operation> => {
  const { operationId } = OperationPath.parse(params);
  const operation = await parts.operations.seenBy(visitor).get(operationId);
  if (operation) return operation;
  throw new CountersignError('not_found', 'There is no operation at this address. It may have been mistyped.');
};

/** Seconds after which the page looks again while an operation is applied, at first and after a while. */
const lookAgain = { soon: 2, later: 10 } as const;
const aWhileMs = 60_000;

/** Milliseconds the page after an answer waits for the end of a short change. */
const outcomeMs = 1_500;

const isUnderWay = (status: Status): boolean => status === 'approved' || status === 'applying' || status === 'planned';

/** How the page follows what is being applied. */
const followOf = ({ status, updatedAt }: Operation, now: Date, waits: boolean): OperationProps['follow'] => {
  if (waits || !isUnderWay(status)) return undefined;
  return now.getTime() - Date.parse(updatedAt) < aWhileMs ? lookAgain.soon : lookAgain.later;
};

const done = { approve: 'approved', confirm: 'confirmed', deny: 'denied', withdraw: 'withdrew' } as const;

const outcome = ({ status, result }: Operation, waits: boolean): string => {
  if (status === 'denied' || status === 'withdrawn') return 'Nothing was changed.';
  if (waits) return 'It waits for the person who asked for it, whose agent carries it out.';
  if (status === 'planned') return 'But what it starts from had moved meanwhile. It is being planned again.';
  if (isUnderWay(status)) return 'It is being applied.';
  if (result) {
    const { applied, outcomes } = result;
    return `${count(applied)} of ${plural(outcomes.length, 'resource')} ${outcomes.length === 1 ? 'was' : 'were'} changed.`;
  }
  return status === 'awaiting-countersign' || status === 'awaiting-confirmation'
    ? 'But what it starts from had moved meanwhile, so nothing was changed. It was planned again: read the new plan.'
    : 'Its current state is shown below.';
};

const kindOf = ({ status }: Operation): NonNullable<OperationProps['notice']>['kind'] => {
  if (status === 'applied' || status === 'denied' || status === 'withdrawn') return 'success';
  return isUnderWay(status) ? 'hint' : 'problem';
};

/** After an answer: what came of it, read from the operation and not from the address. */
const noticeOf = (operation: Operation, { person }: Visitor, waits: boolean): OperationProps['notice'] => {
  const answer = operation.approvals.findLast(({ by }) => by.personId === person.personId);
  return {
    kind: kindOf(operation),
    text: `${answer ? `You ${done[answer.decision]} this.` : 'Your answer was taken.'} ${outcome(operation, waits)}`,
  };
};

const plannedNotice = (planned: '1' | 'change'): OperationProps['notice'] => ({
  kind: 'success',
  text: `${planned === '1' ? 'The way back' : 'The change'} is planned. Nothing has changed yet: it waits for an answer like any other change.`,
});

export const addOperationPages = (scope: FastifyInstance, parts: PageParts): void => {
  for (const { path } of [routes.approval, routes.operation])
    scope.get(
      path,
      forPeople(parts, async (visitor, request) => {
        const { answered, planned, follow: followed, ...changes } = OperationQuery.parse(request.query);
        const found = await findOperation(parts, visitor, request.params);
        // Most changes take less than this: whoever just answered then sees what came of it at once.
        const operation = answered === undefined ? found : await parts.operations.settled(found, outcomeMs);
        const waits = parts.operations.awaitsRequester(operation);
        const follow = followed === undefined ? followOf(operation, parts.now(), waits) : undefined;
        const notice = answered === undefined ? planned && plannedNotice(planned) : noticeOf(operation, visitor, waits);
        return operationView(parts, operation, visitor, {
          changes,
          ...(notice === undefined ? {} : { notice }),
          ...(follow === undefined ? {} : { follow }),
        });
      }),
    );
};
