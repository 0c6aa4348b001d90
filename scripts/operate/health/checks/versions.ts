/** Which version of the function has calls, where a deployment moves none. */
import { LambdaClient } from '@aws-sdk/client-lambda';
import { type Alias, functionOn, newestOf, type Version } from '../../cutover/alias/function.ts';
import { liveOf } from '../../cutover/alias/weights.ts';
import { weightsText } from '../../cutover/run.ts';
import { runningNames } from '../../running.ts';
import { absent, attention, type Check, type Judgement, ok } from '../check.ts';

const start = 'npm run cutover -- --environment <name> start';

export const judgeVersions = (name: string, alias: Alias, versions: readonly Version[]): Judgement => {
  const told = weightsText(liveOf(alias).weights);
  const newest = newestOf(versions)?.version;
  // Of one that is open the check of cutovers tells.
  if (Object.values(alias.others).some((share) => share > 0))
    return attention(
      name,
      `${told}: without an open cutover, give one version all, as docs/runbooks/counts-and-weights.md says`,
    );
  if (newest === undefined || newest === alias.version) return ok(name, `${told}, the newest`);
  return attention(
    name,
    `${told}; version ${newest} is deployed and has no calls: ${start}, or deploy what is to stay`,
  );
};

export const versions: Check = {
  name: 'versions',
  applies: ({ settings }) => settings.compute_mode === 'lambda' && settings.lambda_cutover,
  look: async ({ deployment, client }) => {
    const names = runningNames(deployment);
    const fn = functionOn(client(LambdaClient), names.function, names.alias);
    const alias = await fn.alias();
    return [
      alias === undefined ? absent(fn.name) : judgeVersions(`${fn.name}:${names.alias}`, alias, await fn.versions()),
    ];
  },
};
