/** Secrets Manager of one region: read, and written only over what was read. No error of it repeats a value. */
import { createHash } from 'node:crypto';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { OperatorProblem } from '../../platform/problem.ts';
import { isNamed, unlessMissing } from '../operated.ts';

export interface Held {
  /** Empty while the secret has no value. */
  readonly text: string;
  readonly versionId: string | undefined;
}

/** What can be told of a secret without reading it. */
export interface Told {
  /** When its present value was put in; undefined while it has none. */
  readonly since: Date | undefined;
}

export interface Vault {
  readonly region: string;
  /** Undefined: there is no such secret. @throws OperatorProblem for one that is about to be deleted */
  tell(name: string): Promise<Told | undefined>;
  /** Undefined: there is no such secret. @throws OperatorProblem for one that is about to be deleted */
  read(name: string): Promise<Held | undefined>;
  /** @throws OperatorProblem when somebody else has changed the secret since it was read */
  write(name: string, text: string, over: Held): Promise<void>;
  /** Makes a secret that Terraform does not make. */
  make(name: string, text: string, about: { readonly description: string; readonly tags: Tags }): Promise<void>;
  close(): void;
}
type Tags = Readonly<Record<string, string>>;

const raced = (name: string, region: string): OperatorProblem =>
  new OperatorProblem(
    `Somebody else has changed the secret ${name} in ${region} meanwhile. It stays as it is now; look, and repeat.`,
  );

/** An answer of AWS may repeat what it was sent, so only its name is passed on. */
const sending = async <T>(name: string, region: string, call: Promise<T>): Promise<T> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof OperatorProblem || !(error instanceof Error)) throw error;
    if (isNamed(error, 'ResourceExistsException')) throw raced(name, region);
    const denied = isNamed(error, 'AccessDeniedException')
      ? ': it takes secretsmanager:CreateSecret, PutSecretValue and UpdateSecretVersionStage'
      : '';
    throw new OperatorProblem(`The secret ${name} in ${region} could not be stored (${error.name})${denied}.`);
  }
};

const current = 'AWSCURRENT';
const pending = 'AWSPENDING';

class SecretsManager implements Vault {
  readonly region: string;
  readonly #client: SecretsManagerClient;

  constructor(client: SecretsManagerClient, region: string) {
    this.region = region;
    this.#client = client;
  }

  async #exists(name: string): Promise<boolean> {
    const told = await unlessMissing(
      this.#client.send(new DescribeSecretCommand({ SecretId: name })),
      'ResourceNotFoundException',
    );
    if (told?.DeletedDate !== undefined)
      throw new OperatorProblem(
        `The secret ${name} in ${this.region} is scheduled for deletion: npm run secrets -- restore`,
      );
    return told !== undefined;
  }

  async tell(name: string): Promise<Told | undefined> {
    if (!(await this.#exists(name))) return undefined;
    const { Versions = [] } = await this.#client.send(new ListSecretVersionIdsCommand({ SecretId: name }));
    return { since: Versions.find(({ VersionStages = [] }) => VersionStages.includes(current))?.CreatedDate };
  }

  async read(name: string): Promise<Held | undefined> {
    if (!(await this.#exists(name))) return undefined;
    // A secret without a value is not found either.
    const held = await unlessMissing(
      this.#client.send(new GetSecretValueCommand({ SecretId: name, VersionStage: current })),
      'ResourceNotFoundException',
    );
    return { text: held?.SecretString ?? '', versionId: held?.VersionId };
  }

  async write(name: string, text: string, { versionId }: Held): Promise<void> {
    await sending(
      name,
      this.region,
      versionId === undefined ? this.#putFirst(name, text) : this.#put(name, text, versionId),
    );
  }

  /** Its token is the same for everyone, so that of two who put the first value one is told. */
  async #putFirst(name: string, text: string): Promise<void> {
    const ClientRequestToken = createHash('sha256').update(`first value of ${name}`).digest('hex');
    await this.#client.send(new PutSecretValueCommand({ SecretId: name, SecretString: text, ClientRequestToken }));
  }

  /** The stage moves only away from the version that was read: that is the comparison. */
  async #put(name: string, text: string, from: string): Promise<void> {
    const { VersionId: to } = await this.#client.send(
      new PutSecretValueCommand({ SecretId: name, SecretString: text, VersionStages: [pending] }),
    );
    const move = { SecretId: name, VersionStage: current, MoveToVersionId: to, RemoveFromVersionId: from };
    try {
      await this.#client.send(new UpdateSecretVersionStageCommand(move));
    } catch (error) {
      const drop = { SecretId: name, VersionStage: pending, RemoveFromVersionId: to };
      await this.#client.send(new UpdateSecretVersionStageCommand(drop)).catch(() => undefined);
      throw isNamed(error, 'InvalidParameterException', 'InvalidRequestException') ? raced(name, this.region) : error;
    }
  }

  async make(name: string, text: string, { description, tags }: { description: string; tags: Tags }): Promise<void> {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const command = new CreateSecretCommand({ Name: name, Description: description, SecretString: text, Tags });
    await sending(name, this.region, this.#client.send(command));
  }

  close(): void {
    this.#client.destroy();
  }
}

export const vaultOn = (client: SecretsManagerClient, region: string): Vault => new SecretsManager(client, region);

export const openVault = (region: string): Vault => vaultOn(new SecretsManagerClient({ region }), region);
