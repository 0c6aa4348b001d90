/** What DynamoDB's answer to a write means. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { tooLarge } from './items.ts';

const TRIES = 10;
const MAX_PAUSE_MS = 300;

/** Reasons for which a transaction was cancelled that are over in a moment. */
const PASSING = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

type Verdict = 'refused' | 'again';

const verdictOf = (error: unknown): Verdict => {
  if (error instanceof ConditionalCheckFailedException) return 'refused';
  if (error instanceof TransactionConflictException) return 'again';
  if (error instanceof TransactionCanceledException) {
    const codes = error.CancellationReasons?.map(({ Code }) => Code ?? 'None') ?? [];
    if (codes.includes('ConditionalCheckFailed')) return 'refused';
    if (codes.some((code) => PASSING.has(code))) return 'again';
  }
  // "Item size has exceeded the maximum allowed size", or that of all items of a transaction.
  if (error instanceof Error && error.name === 'ValidationException' && /size/i.test(error.message))
    throw tooLarge('DynamoDB');
  throw error;
};

/** Whether an earlier, unanswered sending of the same request may have been carried out. */
const wasSentAgain = (error: unknown): boolean =>
  error instanceof ConditionalCheckFailedException && (error.$metadata.attempts ?? 1) > 1;

/**
 * Whether the write was done: false if a condition did not hold. The SDK sends a request again when its answer was lost;
 * a write that had been done then fails its own condition, and `isWritten` tells whether that is so.
 * @throws too_large, or the SDK's error
 */
export const settle = async (
  write: () => Promise<unknown>,
  isWritten: () => Promise<boolean> = async () => false,
): Promise<boolean> => {
  for (let tries = 1; ; tries += 1) {
    try {
      await write();
      return true;
    } catch (error) {
      if (verdictOf(error) === 'refused') return wasSentAgain(error) && isWritten();
      if (tries === TRIES) throw error;
      await sleep(Math.random() * Math.min(MAX_PAUSE_MS, 10 * 2 ** tries));
    }
  }
};
