/** Deletes a copy that is not needed any more. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { RDSClient } from '@aws-sdk/client-rds';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { during, type Host } from '../../platform/host.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { ClientOf } from '../clients.ts';
import type { Pace } from './copy.ts';
import { deleteInstance } from './database.ts';
import { deleteTable } from './tables.ts';

export interface DiscardProps {
  readonly deployment: Deployment;
  readonly client: ClientOf;
  readonly names: readonly string[];
  readonly pace: Pace;
}

/** @throws OperatorProblem naming what is left, such as a copy that took over and is protected */
export const discardCopy = async (host: Host, { deployment, client, names, pace }: DiscardProps): Promise<void> => {
  const isTables = deployment.settings.store_mode === 'dynamodb';
  const gone = await during(host, 'Deleting the copy', () =>
    Promise.all(
      names.map((name) =>
        isTables ? deleteTable(client(DynamoDBClient), name, pace) : deleteInstance(client(RDSClient), name, pace),
      ),
    ),
  );
  const left = names.filter((_, index) => gone[index] !== true);
  if (left.length > 0) throw new OperatorProblem(`AWS did not delete ${left.join(', ')} in time: repeat this.`);
};
