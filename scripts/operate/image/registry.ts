/** Which repositories an environment's image lies in, in ECR or on GitHub, and what they hold. */
import {
  CreateRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import { OperatorProblem } from '../../platform/problem.ts';
import { type Operated, unlessMissing } from '../operated.ts';
import { GHCR, openGhcr } from './ghcr.ts';
import type { Registry, Repository } from './repository.ts';

const registryImage =
  /^((\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com)\/([\w./-]+?)(?::[\w.-]+|@sha256:[0-9a-f]{64})$/;

const ghcrImage = /^ghcr\.io\/([\w./-]+?)(?::[\w.-]+|@sha256:[0-9a-f]{64})$/;

/** Each repository once. @throws OperatorProblem where the images lie in no registry of the environment's account, nor in GitHub's */
export const repositoriesOf = ({ environment, settings, deployments }: Operated): readonly Repository[] => {
  if (settings.compute_mode === 'lambda')
    throw new OperatorProblem(`${environment} runs a function, which has no image: npm run build packs it.`);
  const all = new Map<string, Repository>();
  for (const { region, settings: own, names } of deployments) {
    const image = own.image_blue ?? own.image_green ?? '';
    const [, ofGitHub] = ghcrImage.exec(image) ?? [];
    if (ofGitHub !== undefined) {
      const usedIn = [...(all.get(`${GHCR}/${ofGitHub}`)?.usedIn ?? []), region];
      all.set(`${GHCR}/${ofGitHub}`, { region: '', host: GHCR, name: ofGitHub, madeByDeployment: false, usedIn });
      continue;
    }
    const [, host = '', account, at = '', name = ''] = registryImage.exec(image) ?? [];
    if (account !== settings.account_id)
      throw new OperatorProblem(
        `${environment} runs ${image} in ${region}, which is neither in a registry (ECR) of account ${settings.account_id} nor on ${GHCR}: this command pushes nowhere else.`,
      );
    const known = all.get(`${host}/${name}`);
    all.set(`${host}/${name}`, {
      region: at,
      host,
      name,
      madeByDeployment: names.of('repository') === name && at === region,
      usedIn: [...(known?.usedIn ?? []), region],
    });
  }
  return [...all.values()];
};

/** A tag that says which image it is, for good. @throws OperatorProblem */
export const checkTag = (tag: string | undefined): string => {
  if (tag === undefined) throw new OperatorProblem('Say how the image is called: --tag v1.2.3');
  if (tag === 'latest') throw new OperatorProblem('latest says nothing of what runs: --tag v1.2.3');
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(tag))
    throw new OperatorProblem(`${tag} is no tag: up to 128 letters, digits and . _ -, such as v1.2.3.`);
  return tag;
};

const createRepository = async (client: ECRClient, { name }: Repository): Promise<void> => {
  await client.send(
    new CreateRepositoryCommand({
      repositoryName: name,
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
    }),
  );
};

/** @throws OperatorProblem */
const missing = (environment: string, { name, region, madeByDeployment }: Repository): OperatorProblem =>
  new OperatorProblem(
    `There is no repository ${name} in ${region}: ${
      madeByDeployment
        ? `the first npm run deploy -- --environment ${environment} makes it`
        : 'make it with --create-repository'
    }.`,
  );

export const openRegistry = async (
  environment: string,
  repository: Repository,
  { create, dryRun, env }: { readonly create: boolean; readonly dryRun: boolean; readonly env: NodeJS.ProcessEnv },
): Promise<Registry> => {
  if (repository.host === GHCR) return openGhcr(repository, { env });
  const client = new ECRClient({ region: repository.region });
  const repositoryName = repository.name;
  const there = await unlessMissing(
    client.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] })),
    'RepositoryNotFoundException',
  );
  if (there === undefined && (!create || repository.madeByDeployment)) throw missing(environment, repository);
  if (there === undefined && !dryRun) await createRepository(client, repository);
  const find = async (imageTag: string): Promise<string | undefined> => {
    const told = await unlessMissing(
      client.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] })),
      'ImageNotFoundException',
      'RepositoryNotFoundException',
    );
    return told?.imageDetails?.[0]?.imageDigest;
  };
  return {
    checkFree: async (tag) => {
      const digest = await find(tag);
      if (digest !== undefined)
        throw new OperatorProblem(
          `${repositoryName}:${tag} exists in ${repository.region} (${digest}), and tags are never overwritten: choose another.`,
        );
    },
    signIn: async () => {
      const { authorizationData = [] } = await client.send(new GetAuthorizationTokenCommand({}));
      const [user = '', password = ''] = Buffer.from(authorizationData[0]?.authorizationToken ?? '', 'base64')
        .toString('utf8')
        .split(':');
      return { user, password };
    },
    digestOf: async (tag) => {
      const digest = await find(tag);
      if (digest === undefined) throw new Error(`${repositoryName}:${tag} was pushed and is not there`);
      return digest;
    },
    close: () => client.destroy(),
  };
};
