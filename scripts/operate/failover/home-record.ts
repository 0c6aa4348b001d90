/** The home record as an operator reads and moves it: one item, copied between the regions. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { Home, homeKey, homeTable } from '../../../contracts/home.ts';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { ClientOf } from '../clients.ts';
import { isNamed } from '../operated.ts';

const tableOf = ({ settings }: Deployment): string => `${settings.table_prefix}${homeTable.suffix}`;
const documents = (client: ClientOf, region: string) => DynamoDBDocumentClient.from(client(DynamoDBClient, region));

/** As one region has it; the primary region at epoch 0 where nobody moved it. @throws the SDK's error */
export const readHome = async (client: ClientOf, deployment: Deployment): Promise<Home> => {
  const { Item: item } = await documents(client, deployment.region).send(
    new GetCommand({ TableName: tableOf(deployment), Key: homeKey, ConsistentRead: true }),
  );
  return item === undefined ? { region: deployment.settings.primary_region, epoch: 0 } : Home.parse(item);
};

/**
 * Makes a region the home, in that region's own replica.
 * @throws OperatorProblem when somebody moved it since it was read
 */
export const moveHome = async (
  client: ClientOf,
  to: Deployment,
  from: Home,
  about: { readonly at: string },
): Promise<Home> => {
  const home = { region: to.region, epoch: from.epoch + 1 };
  const unmoved = from.epoch === 0 ? 'attribute_not_exists(#name) OR ' : '';
  try {
    await documents(client, to.region).send(
      new PutCommand({
        TableName: tableOf(to),
        Item: { ...homeKey, ...home, movedAt: about.at },
        ConditionExpression: `${unmoved}(#epoch = :epoch AND #region = :region)`,
        ExpressionAttributeNames: { '#epoch': 'epoch', '#region': 'region', ...(unmoved && { '#name': 'name' }) },
        ExpressionAttributeValues: { ':epoch': from.epoch, ':region': from.region },
      }),
    );
    return home;
  } catch (error) {
    if (!isNamed(error, 'ConditionalCheckFailedException')) throw error;
    throw new OperatorProblem(
      'Somebody else moved the home meanwhile. Nothing was moved: run it again to see where it is.',
    );
  }
};
