/** How much one person may have waiting for an answer, so that nobody buries what others wait for. */
import { CountersignError } from '../errors.ts';
import { isWaiting, type Operation } from './operation.ts';
import type { PipelineParts } from './parts.ts';

/**
 * Takes a place among what waits. Rows are written before they are counted, so tasks that count at the same moment
 * refuse one too many rather than take one too many.
 * @throws budget_exhausted naming the limit
 */
export const takePlace = async (parts: PipelineParts, operation: Operation): Promise<void> => {
  if (!isWaiting(operation.status)) return;
  const { personId } = operation.requester;
  const before = parts.turns.get(personId) ?? Promise.resolve();
  const mine = before.catch(() => {}).then(() => reserve(parts, operation));
  parts.turns.set(personId, mine);
  try {
    await mine;
  } finally {
    if (parts.turns.get(personId) === mine) parts.turns.delete(personId);
  }
};

const reserve = async (parts: PipelineParts, operation: Operation): Promise<void> => {
  await parts.store.placeWaiting(operation);
  try {
    await refuseOver(parts, operation.requester, 0);
  } catch (error) {
    await parts.store.dropWaiting(operation);
    throw error;
  }
};

/** @param more those that are not written yet. @throws budget_exhausted */
export const refuseOver = async (
  parts: PipelineParts,
  { personId, clientId }: { readonly personId: string; readonly clientId: string },
  more: number,
): Promise<void> => {
  const { waitingPerClient, waitingPerPerson } = parts.settings;
  const clients = await parts.store.waitingOf(personId, waitingPerPerson + 1);
  const through = clients.filter((client) => client === clientId).length;
  const [over, variable] =
    clients.length + more > waitingPerPerson
      ? [waitingPerPerson, 'WAITING_PER_PERSON']
      : [waitingPerClient, 'WAITING_PER_CLIENT'];
  if (clients.length + more <= waitingPerPerson && through + more <= waitingPerClient) return;
  throw new CountersignError(
    'budget_exhausted',
    `You have ${over} changes that wait for an answer${variable === 'WAITING_PER_CLIENT' ? ' through this client' : ''}, which is the most there may be (${variable}). Have some of them approved or denied, withdraw some, or ask for more resources in one change.`,
    { details: { limit: over, setting: variable } },
  );
};
