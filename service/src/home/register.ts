/** The home record on DynamoDB: one global table, read in this region and, to notice a move sooner, in the others. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { Home, homeKey, homeTable } from '../../../contracts/home.ts';
import type { HomeRegister } from './home.ts';

export interface DynamoHomeOptions {
  /** TABLE_PREFIX. */
  readonly prefix: string;
  readonly region: string;
  /** Every region of the environment. */
  readonly regions: readonly string[];
  /** An emulator's. */
  readonly endpoint?: string;
}

/** Milliseconds for a connection, and for an answer. A region that does not answer must not delay the others. */
const LIMIT_MS = 1_000;

const connect = (region: string, endpoint: string | undefined, maxAttempts: number) =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region,
      maxAttempts,
      ...(endpoint === undefined ? {} : { endpoint }),
      requestHandler: { connectionTimeout: LIMIT_MS, requestTimeout: LIMIT_MS, throwOnRequestTimeout: true },
    }),
  );

export const openDynamoHome = ({ prefix, region, regions, endpoint }: DynamoHomeOptions): HomeRegister => {
  const own = connect(region, endpoint, 3);
  const others = regions.filter((other) => other !== region).map((other) => connect(other, endpoint, 1));
  const get = async (client: DynamoDBDocumentClient): Promise<Home | undefined> => {
    const { Item: item } = await client.send(
      new GetCommand({ TableName: `${prefix}${homeTable.suffix}`, Key: homeKey, ConsistentRead: true }),
    );
    return item === undefined ? undefined : Home.parse(item);
  };
  return {
    read: () => get(own),
    readElsewhere: async () => {
      const answers = await Promise.allSettled(others.map(get));
      return answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    },
    close: () => {
      for (const client of [own, ...others]) client.destroy();
    },
  };
};
