/** The version that a function ran before. Versions stay; the alias names the one that is called. */
import {
  type FunctionConfiguration,
  GetAliasCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-lambda';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { unlessMissing } from '../operated.ts';
import { runningNames } from '../running.ts';
import { alreadyBack, type Back } from './back.ts';

const versionsOf = async (client: LambdaClient, FunctionName: string): Promise<FunctionConfiguration[]> => {
  const found: FunctionConfiguration[] = [];
  let Marker: string | undefined;
  do {
    const command: ListVersionsByFunctionCommand = new ListVersionsByFunctionCommand({
      FunctionName,
      ...(Marker === undefined ? {} : { Marker }),
    });
    const page = await client.send(command);
    found.push(...(page.Versions ?? []).filter(({ Version }) => Version !== '$LATEST'));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return found.sort((a, b) => Number(b.Version) - Number(a.Version));
};

/** @throws OperatorProblem where there is nothing to go back to, or two versions serve */
export const backOfFunction = async (deployment: Deployment, to: string | undefined): Promise<Back> => {
  const client = new LambdaClient({ region: deployment.region });
  const { function: FunctionName, alias: Name } = runningNames(deployment);
  const alias = await unlessMissing(
    client.send(new GetAliasCommand({ FunctionName, Name })),
    'ResourceNotFoundException',
  );
  if (alias === undefined) throw new OperatorProblem(`There is no function ${FunctionName}: npm run deploy`);
  if (Object.keys(alias.RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0)
    throw new OperatorProblem(`The function ${FunctionName} has two versions in service: npm run cutover -- rollback.`);
  const versions = await versionsOf(client, FunctionName);
  const running = versions.find(({ Version }) => Version === alias.FunctionVersion);
  // A version may be published again with the same code, so that it reads its secrets anew.
  const wentBack = running !== undefined && versions[0]?.CodeSha256 !== running.CodeSha256;
  const isThere = to === undefined ? wentBack : to === alias.FunctionVersion;
  const before = isThere
    ? running
    : versions.find(({ Version, CodeSha256 }) =>
        to === undefined
          ? Number(Version) < Number(alias.FunctionVersion) && CodeSha256 !== running?.CodeSha256
          : Version === to,
      );
  if (before === undefined)
    throw new OperatorProblem(
      to === undefined
        ? `No earlier version of ${FunctionName} than ${alias.FunctionVersion} has other code.`
        : `${FunctionName} has no other version ${to}: there are ${versions.map(({ Version }) => Version).join(', ')}.`,
    );
  return {
    region: deployment.region,
    what: `function ${FunctionName}`,
    now: `version ${alias.FunctionVersion}`,
    next: `version ${before.Version}`,
    image: undefined,
    remarks: [
      ...(isThere ? [alreadyBack(`version ${alias.FunctionVersion}`)] : []),
      'The next deployment packs the function again: deploy from the commit of the version that is to run.',
    ],
    go: async () => {
      if (isThere) return;
      await client.send(
        new UpdateAliasCommand({
          FunctionName,
          Name,
          FunctionVersion: before.Version,
          // Refused where somebody moved the alias meanwhile.
          RevisionId: alias.RevisionId,
        }),
      );
    },
  };
};
