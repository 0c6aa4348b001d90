/**
 * Whether the region that takes over has everything. DynamoDB copies item by item in no order, so no marker tells: what
 * matters is compared. These are the heads of the audit log's chains, with the newest record of each, and the operations
 * that are not over.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import type { ClientOf } from '../clients.ts';

const Head = z.object({ userId: z.string(), sequence: z.number(), hash: z.string(), timestamp: z.string() });
const Moving = z.object({ operationId: z.string(), version: z.number() });

/** Statuses of operations that the new home goes on with, or people still answer. */
const open = ['planned', 'awaiting-confirmation', 'awaiting-countersign', 'approved', 'applying'] as const;

export interface Held {
  /** Sequence and hash of each chain's head. */
  readonly heads: ReadonlyMap<string, z.infer<typeof Head>>;
  /** Version of each open operation. */
  readonly operations: ReadonlyMap<string, number>;
}

export interface Replica {
  read(): Promise<Held>;
  /** Heads whose newest record is not there: the two arrive apart. */
  torn(held: Held): Promise<readonly string[]>;
}

export const replicaIn = (client: ClientOf, { settings, region }: Deployment): Replica => {
  const documents = DynamoDBDocumentClient.from(client(DynamoDBClient, region));
  const table = (name: string) => `${settings.table_prefix}${name}`;
  const operationsIn = async (status: string): Promise<z.infer<typeof Moving>[]> => {
    const found: z.infer<typeof Moving>[] = [];
    const query = {
      TableName: table('operations'),
      IndexName: 'status-createdAt-index',
      KeyConditionExpression: '#status = :status',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':status': status },
    };
    for await (const { Items = [] } of paginateQuery({ client: documents }, query))
      found.push(...Items.map((item) => Moving.parse(item)));
    return found;
  };
  return {
    read: async () => {
      const heads = new Map<string, z.infer<typeof Head>>();
      const pages = paginateScan({ client: documents }, { TableName: table('audit-heads'), ConsistentRead: true });
      for await (const { Items = [] } of pages)
        for (const item of Items) {
          const head = Head.parse(item);
          heads.set(head.userId, head);
        }
      const operations = (await Promise.all(open.map(operationsIn))).flat();
      return { heads, operations: new Map(operations.map(({ operationId, version }) => [operationId, version])) };
    },
    torn: async ({ heads }) => {
      const found: string[] = [];
      for (const { userId, timestamp, hash } of heads.values()) {
        // The mark has no record; its row says how many anchors there are.
        if (userId.startsWith('countersign:')) continue;
        const { Item: record } = await documents.send(
          new GetCommand({ TableName: table('audit-logs'), Key: { userId, timestamp }, ConsistentRead: true }),
        );
        if (record?.hash !== hash) found.push(userId);
      }
      return found;
    },
  };
};

/** What the region that takes over lacks, in words; empty when nothing is missing. */
export const lacking = (from: Held, to: Held): readonly string[] => [
  ...[...from.heads]
    .filter(([userId, head]) => to.heads.get(userId)?.hash !== head.hash)
    .map(([userId]) => `records of ${userId}`),
  ...[...from.operations]
    .filter(([operationId, version]) => to.operations.get(operationId) !== version)
    .map(([operationId]) => `operation ${operationId}`),
];
