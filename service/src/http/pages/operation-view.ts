import type { Operation } from '../../operations/operation.ts';
import { operationPage } from '../../web/index.ts';
import type { OperationProps } from '../../web/props.ts';
import { decisionFor } from './answers.ts';
import type { PageParts } from './parts.ts';
import type { Visitor } from './visitor.ts';

/** Records of one operation that its page shows. */
const mostRecords = 200;

/** The page of an operation as this person may see it now. */
export const operationView = async (
  parts: PageParts,
  operation: Operation,
  visitor: Visitor,
  more: Pick<OperationProps, 'notice' | 'draft' | 'from'> = {},
): Promise<string> => {
  const { operationId } = operation;
  const { items } = await parts.audit.query({ operationId, limit: mostRecords });
  return operationPage({
    ...visitor.frame,
    operation,
    history: items.toReversed(),
    decision: decisionFor(operation, visitor, parts),
    now: parts.now().toISOString(),
    ...more,
  });
};
