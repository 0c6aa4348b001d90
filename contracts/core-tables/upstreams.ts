/** The tables of what comes from upstreams: messages of their webhooks, and accounts that people connected there. */
import { attribute, type TableContract } from '../table.ts';

const { string, optionalString, number, boolean, json, timestamp, epoch } = attribute;

export const upstreamTables = {
  'webhook-messages': {
    description: 'Messages of webhooks that were taken, by path and id: each is taken once.',
    postgres: 'webhook_messages',
    partition: 'messageKey',
    attributes: {
      messageKey: string,
      bodyHash: string,
      taker: string,
      done: boolean,
      receivedAt: timestamp,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    removable: true,
    forWebhooks: true,
  },
  'upstream-credentials': {
    description:
      'Accounts at upstreams that people connected, with their refresh tokens sealed; and attempts to connect one. A restored copy would hold tokens that were replaced since, so it is not backed up.',
    postgres: 'upstream_credentials',
    partition: 'userId',
    sort: 'entry',
    attributes: {
      userId: string,
      // connected|<provider>, or attempt|<hash of its state>.
      entry: string,
      version: number,
      record: json,
      // Absent where the provider ended the connection.
      sealed: optionalString,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    removable: true,
    forProviders: true,
  },
} as const satisfies Record<string, TableContract>;
