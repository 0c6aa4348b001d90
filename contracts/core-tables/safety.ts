/** The tables of calls that were questioned, and of what was learned from that. */
import { attribute, type TableContract } from '../table.ts';

const { string, number, json, timestamp, epoch } = attribute;

export const safetyTables = {
  intents: {
    description: 'Calls that were questioned and wait to be repeated with their id; single use.',
    postgres: 'intents',
    partition: 'intentId',
    attributes: {
      intentId: string,
      userId: string,
      tool: string,
      argumentsHash: string,
      record: json,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    removable: true,
    // For those that nobody answered in time.
    scanned: true,
  },
  'regret-corrections': {
    description: 'How often people of an organization said that a warning was right, by kind: those come first.',
    postgres: 'regret_corrections',
    partition: 'organization',
    sort: 'kind',
    attributes: { organization: string, kind: string, corrections: number, updatedAt: timestamp },
    indexes: {},
    pointInTimeRecovery: true,
  },
} as const satisfies Record<string, TableContract>;
