/** A function, its alias and its versions, as far as a cutover calls Lambda. */
import {
  DeleteProvisionedConcurrencyConfigCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetProvisionedConcurrencyConfigCommand,
  type LambdaClient,
  PutProvisionedConcurrencyConfigCommand,
  paginateListVersionsByFunction,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import { isNamed, unlessMissing } from '../../operated.ts';

export interface Alias {
  /** Takes what the others leave. */
  readonly version: string;
  /** Shares of further versions, from 0 to 1. */
  readonly others: Readonly<Record<string, number>>;
  /** Changes with every update. */
  readonly revision: string | undefined;
}

export interface Version {
  /** `$LATEST`, or a number. */
  readonly version: string;
  /** SHA-256 of its archive in base64. */
  readonly code: string;
}

/** The one that was published last; undefined where none was. */
export const newestOf = (versions: readonly Version[]): Version | undefined =>
  versions.filter(({ version }) => /^\d+$/.test(version)).toSorted((a, b) => Number(b.version) - Number(a.version))[0];

/** Executions of a version, or of an alias, that are kept warm. */
export interface Provisioned {
  readonly requested: number;
  readonly available: number;
  readonly status: 'IN_PROGRESS' | 'READY' | 'FAILED';
  readonly reason?: string | undefined;
}

/** Somebody changed the alias since it was read. */
export class AliasMoved extends Error {
  override readonly name = 'AliasMoved';
}

export interface LiveFunction {
  readonly name: string;
  /** Undefined where there is no function, or no alias. */
  alias(): Promise<Alias | undefined>;
  /** Compare and swap. @throws AliasMoved */
  update(to: Omit<Alias, 'revision'>, revision: string | undefined): Promise<void>;
  versions(): Promise<readonly Version[]>;
  /** Lambda's State, such as Active, and why; undefined where there is no such version. */
  state(version: string): Promise<{ readonly state: string; readonly reason?: string | undefined } | undefined>;
  provisioned(qualifier: string): Promise<Provisioned | undefined>;
  provision(version: string, executions: number): Promise<void>;
  unprovision(version: string): Promise<void>;
}

const MISSING = 'ResourceNotFoundException';

const aliasOn = (client: LambdaClient, FunctionName: string, Name: string): Pick<LiveFunction, 'alias' | 'update'> => ({
  alias: async () => {
    const found = await unlessMissing(client.send(new GetAliasCommand({ FunctionName, Name })), MISSING);
    if (found?.FunctionVersion === undefined) return undefined;
    const others = found.RoutingConfig?.AdditionalVersionWeights ?? {};
    return { version: found.FunctionVersion, others, revision: found.RevisionId };
  },
  update: async ({ version, others }, RevisionId) => {
    const RoutingConfig = { AdditionalVersionWeights: { ...others } };
    const to = { FunctionName, Name, FunctionVersion: version, RoutingConfig, RevisionId };
    try {
      await client.send(new UpdateAliasCommand(to));
    } catch (error) {
      if (!isNamed(error, 'PreconditionFailedException')) throw error;
      throw new AliasMoved(`${FunctionName}:${Name} was changed meanwhile`, { cause: error });
    }
  },
});

const warmOn = (
  client: LambdaClient,
  FunctionName: string,
): Pick<LiveFunction, 'provisioned' | 'provision' | 'unprovision'> => ({
  provisioned: async (Qualifier) => {
    const asked = client.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
    const found = await unlessMissing(asked, 'ProvisionedConcurrencyConfigNotFoundException', MISSING);
    if (found === undefined) return undefined;
    return {
      requested: found.RequestedProvisionedConcurrentExecutions ?? 0,
      available: found.AvailableProvisionedConcurrentExecutions ?? 0,
      status: found.Status ?? 'IN_PROGRESS',
      reason: found.StatusReason,
    };
  },
  provision: async (Qualifier, ProvisionedConcurrentExecutions) => {
    const to = { FunctionName, Qualifier, ProvisionedConcurrentExecutions };
    await client.send(new PutProvisionedConcurrencyConfigCommand(to));
  },
  unprovision: async (Qualifier) => {
    await client.send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
  },
});

export const functionOn = (client: LambdaClient, name: string, alias: string): LiveFunction => ({
  name,
  ...aliasOn(client, name, alias),
  ...warmOn(client, name),
  versions: async () => {
    const found: Version[] = [];
    for await (const { Versions = [] } of paginateListVersionsByFunction({ client }, { FunctionName: name }))
      for (const { Version = '', CodeSha256 = '' } of Versions) found.push({ version: Version, code: CodeSha256 });
    return found;
  },
  state: async (version) => {
    const asked = client.send(new GetFunctionConfigurationCommand({ FunctionName: name, Qualifier: version }));
    const found = await unlessMissing(asked, MISSING);
    return found && { state: found.State ?? 'Active', reason: found.StateReason };
  },
});
