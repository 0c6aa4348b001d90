/** The tables of what people are told, and where. */
import { attribute, type TableContract } from '../table.ts';

const { string, optionalString, json, timestamp, epoch } = attribute;

export const noticeTables = {
  'notice-choices': {
    description: 'What a person wants to be told, and where; those who chose nothing have no row.',
    postgres: 'notice_choices',
    partition: 'personId',
    attributes: {
      personId: string,
      choices: json,
      updatedAt: timestamp,
    },
    indexes: {},
    pointInTimeRecovery: true,
  },
  'paused-channels': {
    description: 'Addresses that answered that they take nothing any more. An admin lets one be told again.',
    postgres: 'paused_channels',
    partition: 'channel',
    attributes: {
      // `shared:<name>`, or `<channel>:<personId>`.
      channel: string,
      because: string,
      pausedAt: timestamp,
    },
    indexes: {},
    pointInTimeRecovery: false,
    removable: true,
  },
  'sandbox-messages': {
    description: 'Messages as the sandbox would have sent them.',
    postgres: 'sandbox_messages',
    partition: 'box',
    sort: 'place',
    attributes: {
      // Always `sent`.
      box: string,
      // When, and the id of the message, so that what is sent again is there once.
      place: string,
      messageId: string,
      sentAt: timestamp,
      channel: string,
      recipient: string,
      title: string,
      // Tool of the operation it is about, by which it is seen who may read it.
      tool: optionalString,
      // For one person only.
      personId: optionalString,
      body: json,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    sandboxOnly: true,
  },
} as const satisfies Record<string, TableContract>;
