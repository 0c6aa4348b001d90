/** What is told of an operation: summary, counts, expiry and the page, and nothing of what is changed. */
import { plural } from '../measures/words.ts';
import type { Operation } from '../operations/operation.ts';
import { type NoticeFact, outsideLine, type Telling } from './telling.ts';
import { timeWords } from './time-words.ts';
import type { OperationNotice } from './transitions.ts';

/** For whom: whoever asked for it is addressed. */
type Addressed = 'requester' | 'others';

const countsOf = ({ result, plan }: Operation): string =>
  result === undefined
    ? plural(plan.changes.length, 'resource')
    : [
        `${result.applied} of ${plural(result.applied + result.failed + result.skipped, 'resource')} changed`,
        ...(result.failed > 0 ? [`${result.failed} failed`] : []),
        ...(result.skipped > 0 ? [`${result.skipped} skipped`] : []),
      ].join(', ');

const whose = (addressed: Addressed): string => (addressed === 'requester' ? 'The change you asked for' : 'A change');

const headlines: Readonly<Record<OperationNotice, (operation: Operation, addressed: Addressed) => string>> = {
  waiting: () => 'A change waits for your answer',
  reminder: () => 'A change still waits for your answer',
  expiring: () => 'A change expires soon if nobody answers',
  approved: (_operation, addressed) => `${whose(addressed)} was approved and is not applied yet`,
  applied: ({ status, countersign }, addressed) =>
    `${whose(addressed)} was ${countersign === 'none' ? '' : 'approved and '}${status === 'partially-applied' ? 'applied in part' : 'applied'}`,
  denied: (_operation, addressed) => `${whose(addressed)} was denied`,
  expired: (_operation, addressed) => `${whose(addressed)} expired: nobody answered in time`,
  failed: (_operation, addressed) => `${whose(addressed)} failed`,
};

const waits: ReadonlySet<OperationNotice> = new Set(['waiting', 'reminder', 'expiring']);

/** @param zone time zone beside UTC */
export const tellingOf = (
  notice: OperationNotice,
  operation: Operation,
  addressed: Addressed,
  { publicUrl, zone }: { readonly publicUrl: string; readonly zone: string },
): Telling => {
  const { operationId, plan, requester, expiresAt, updatedAt } = operation;
  const asks = waits.has(notice);
  const facts: readonly NoticeFact[] = [
    ...(addressed === 'requester' ? [] : [{ label: 'Asked by', value: outsideLine(requester.name) }]),
    { label: 'Affects', value: countsOf(operation) },
    ...(asks ? [{ label: 'Expires', value: timeWords(expiresAt, zone) }] : []),
    ...(plan.warnings.length > 0 && asks
      ? [{ label: 'Warnings', value: plural(plan.warnings.length, 'warning') }]
      : []),
  ];
  return {
    type: `operation.${notice}`,
    headline: headlines[notice](operation, addressed),
    about: outsideLine(plan.summary),
    facts,
    link: {
      label: asks ? 'Read it and answer' : 'See the change',
      href: `${publicUrl}/${asks ? 'approvals' : 'operations'}/${encodeURIComponent(operationId)}`,
    },
    at: updatedAt,
  };
};
