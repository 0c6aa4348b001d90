/** What a restored copy is held against besides itself: an earlier report, and keys of earlier times. */
import type { Options } from '../../platform/described.ts';
import { headsIn, oldKeysIn } from '../audit/log.ts';

/** Options of every command that restores a copy and verifies it. */
export const heldOptions = {
  snapshot: { type: 'string', value: 'ID', description: 'Snapshot of the database to restore, instead of a moment.' },
  since: { type: 'string', value: 'REPORT', description: 'Also holds the log against an earlier report of --json.' },
  'old-key-file': {
    type: 'string',
    value: 'FILE',
    multiple: true,
    description: 'An ENCRYPTION_KEY of earlier times; may be repeated.',
  },
} as const satisfies Options;

export interface HeldValues {
  readonly since: string | undefined;
  readonly 'old-key-file': readonly string[] | undefined;
}

/** Read before a copy is made, which takes long and is paid for. @throws OperatorProblem for a file that is none of them */
export const heldAgainst = async (values: HeldValues) => ({
  since: values.since === undefined ? undefined : await headsIn(values.since),
  oldKeys: await oldKeysIn(values['old-key-file']),
});
