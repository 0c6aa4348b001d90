import { z } from 'zod';
import { LONGEST_WAIT_SECONDS } from '../../../../contracts/calls.ts';
import { CountersignError } from '../../errors.ts';
import { defineQuery, noAccounts } from '../../mcp/tool.ts';
import { isOpen, untilEnded } from '../../operations/ended.ts';
import type { Operation, Status } from '../../operations/operation.ts';
import { UntrustedText } from '../../untrusted.ts';
import { operationId, waitingIds } from './get-operation.ts';
import { MovedOperation, summaryOf } from './present.ts';
import type { CoreServices } from './services.ts';

type Outcome =
  | 'pending_approval'
  | 'awaiting_requester'
  | 'being_applied'
  | 'executed'
  | 'partly_executed'
  | 'not_executed'
  | 'reverted';

/** What came of it, and the same in words: a model that reads only one of them must not take a denial for a change. */
const outcomes: Readonly<Record<Status, readonly [Outcome, string]>> = {
  planned: ['being_applied', 'It is being planned anew. Wait again.'],
  'awaiting-confirmation': [
    'pending_approval',
    'Nobody has answered yet. Give approval_url to the person you work for, or wait again.',
  ],
  'awaiting-countersign': [
    'pending_approval',
    'Nobody has answered yet. Another person answers at approval_url. Wait again, or go on with other work.',
  ],
  approved: ['being_applied', 'It was agreed to and is not applied yet. Wait again.'],
  applying: ['being_applied', 'It is being applied. Wait again.'],
  applied: ['executed', 'It was applied and read back.'],
  'partially-applied': ['partly_executed', 'Some of it was applied. get_operation shows what was not, and why.'],
  failed: ['not_executed', 'It did not run to its end: nothing of it is in place. note says why.'],
  denied: ['not_executed', 'It was denied and did not run.'],
  withdrawn: ['not_executed', 'It was withdrawn and did not run.'],
  expired: ['not_executed', 'Nobody answered in time, and it did not run. Ask for it again if it is still wanted.'],
  reverted: ['reverted', 'It was applied, and was undone since.'],
};

/** Nothing happens by itself, so there is nothing to wait for. */
const comeYourself: readonly [Outcome, string] = [
  'awaiting_requester',
  'It was agreed to, and acts with a credential that only a request of the person who asked for it brings. That person’s agent now calls confirm_operation with the credential.',
];

/** What the operation says of itself beside its plan. */
const answerOf = (operation: Operation, publicUrl: string, awaitsRequester: boolean) => {
  const [outcome, message] = awaitsRequester ? comeYourself : outcomes[operation.status];
  const fieldsFromOutside = ['summary', 'reason'];
  return {
    ...summaryOf(operation, publicUrl),
    ...{ decided: awaitsRequester || !isOpen(operation), outcome, message, untrusted_text: fieldsFromOutside },
  };
};

export const waitForOperation = ({ pipeline, publicUrl, waits }: CoreServices) => {
  return defineQuery({
    name: 'wait_for_operation',
    title: 'Wait for operation',
    description:
      'Waits until an operation is decided and applied, and tells what came of it. When the time is up, it says pending_approval and may be called again.',
    scopes: ['operations:read'],
    input: z.object({
      operation_id: operationId,
      seconds: z.int().min(1).max(LONGEST_WAIT_SECONDS).default(waits.mostSeconds).describe('Longest time to wait'),
    }),
    output: MovedOperation.extend({
      decided: z.boolean().describe('false: wait again'),
      outcome: z.enum([
        'pending_approval',
        'awaiting_requester',
        'being_applied',
        'executed',
        'partly_executed',
        'not_executed',
        'reverted',
      ]),
      message: z.string(),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ operation_id, seconds }, { caller, signal, progress }) => {
      let moves = 0;
      const seen = pipeline.seenBy(caller);
      const operation = await untilEnded({
        look: () => seen.get(operation_id),
        milliseconds: Math.min(seconds, waits.mostSeconds) * 1000,
        signal,
        stopping: waits.stopping,
        over: (operation) => pipeline.awaitsRequester(operation),
        onMove: ({ status }) => progress(++moves, moves + 1, outcomes[status][1]),
      });
      if (!operation) throw new CountersignError('not_found', `operation_id: there is no operation ${operation_id}.`);
      return answerOf(operation, publicUrl, pipeline.awaitsRequester(operation));
    },
    complete: async (argument, typed, caller) =>
      argument === 'operation_id' ? waitingIds(pipeline, caller, typed) : [],
  });
};
