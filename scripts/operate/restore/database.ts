/** A copy of the PostgreSQL database. */
import { type DBInstance, DeleteDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { isNamed } from '../operated.ts';
import { runningNames } from '../running.ts';
import { untilTrue } from '../waiting.ts';
import type { Copy, CopyProps } from './copy.ts';
import { instanceOf, instanceSource, missing } from './instance-source.ts';
import { copyName } from './names.ts';

/**
 * What RDS does not take over from what it restores: without these the copy would stand in the default network, open to
 * its default security group, and with other parameters.
 */
const placeOf = ({ DBSubnetGroup, VpcSecurityGroups = [], DBParameterGroups = [], MasterUserSecret }: DBInstance) => ({
  DBSubnetGroupName: DBSubnetGroup?.DBSubnetGroupName,
  VpcSecurityGroupIds: VpcSecurityGroups.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
  DBParameterGroupName: DBParameterGroups[0]?.DBParameterGroupName,
  PubliclyAccessible: false,
  // Nobody knows the password of that moment any more.
  ManageMasterUserPassword: true,
  MasterUserSecretKmsKeyId: MasterUserSecret?.KmsKeyId,
});

/** Deletes an instance without a last snapshot. False: it is left. */
export const deleteInstance = (client: RDSClient, name: string, pace: CopyProps['pace']): Promise<boolean> =>
  untilTrue(async () => {
    const instance = await instanceOf(client, name);
    if (instance === undefined) return true;
    const command = { DBInstanceIdentifier: name, SkipFinalSnapshot: true, DeleteAutomatedBackups: true };
    if (instance.DBInstanceStatus !== 'deleting')
      await client.send(new DeleteDBInstanceCommand(command)).catch((error: unknown) => {
        // One that is being made is deleted once it is there.
        if (!isNamed(error, 'InvalidDBInstanceStateFault', 'InvalidDBInstanceState', ...missing)) throw error;
      });
    return (await instanceOf(client, name)) === undefined;
  }, pace);

const tagsOf = ({ settings }: Deployment, label: string) =>
  Object.entries({ Project: settings.project_name, Environment: settings.environment, Purpose: label }).map(
    ([Key, Value]) => ({ Key, Value }),
  );

const waitFor = async (client: RDSClient, name: string, pace: CopyProps['pace'], signal: AbortSignal) => {
  const ready = await untilTrue(
    async () => {
      const status = (await instanceOf(client, name))?.DBInstanceStatus;
      if (status === undefined || /failed|incompatible/.test(status))
        throw new OperatorProblem(`${name} was not restored: it is ${status ?? 'gone'}. Its events in RDS say why.`);
      return status === 'available';
    },
    { ...pace, signal },
  );
  if (!ready) throw new OperatorProblem(`${name} was not restored within ${pace.patienceMs / 60_000} minutes.`);
};

export const databaseCopy = (props: CopyProps): Copy => {
  const { deployment, client: of, label, pace } = props;
  const client = of(RDSClient);
  const source = runningNames(deployment).database;
  const name = copyName(source, label);
  let begun = false;

  const read = async (): Promise<DBInstance> => {
    const instance = await instanceOf(client, source);
    if (instance === undefined) throw new OperatorProblem(`There is no database ${source}: npm run deploy`);
    return instance;
  };
  const restored = instanceSource(client, props, read);

  const begin = async (at: Date): Promise<void> => {
    const { MultiAZ: _, ...instance } = await read();
    const copy = {
      ...placeOf(instance),
      DBInstanceClass: instance.DBInstanceClass,
      // One zone will do for a copy; a deployment gives what takes the place of the database its standby.
      MultiAZ: false,
      Tags: tagsOf(deployment, label),
    };
    begun = true;
    try {
      await restored.begin(name, copy, at);
    } catch (error) {
      if (isNamed(error, 'DBInstanceAlreadyExistsFault', 'DBInstanceAlreadyExists')) begun = false;
      throw error;
    }
  };

  return {
    names: [name],
    window: () => restored.window(),
    present: async () => ((await instanceOf(client, name)) === undefined ? [] : [name]),
    make: async (at, signal) => {
      await begin(at);
      await waitFor(client, name, pace, signal);
    },
    remove: async () => (!begun || (await deleteInstance(client, name, pace).catch(() => false)) ? [] : [name]),
    variables: async () => {
      const { Endpoint, MasterUserSecret, DBName } = (await instanceOf(client, name)) ?? {};
      return {
        STORE: 'postgres',
        DATABASE_HOST: Endpoint?.Address,
        DATABASE_PORT: String(Endpoint?.Port ?? 5432),
        DATABASE_NAME: DBName ?? deployment.settings.db_name,
        DATABASE_SECRET_ARN: MasterUserSecret?.SecretArn,
      };
    },
  };
};
