/** Which version of the function, or of the launch template, has calls, where a deployment moves none. */
import { LambdaClient } from '@aws-sdk/client-lambda';
import { type Alias, functionOn, newestOf, type Version } from '../../cutover/alias/function.ts';
import { liveOf } from '../../cutover/alias/weights.ts';
import { autoScalingGroup } from '../../cutover/refresh/aws.ts';
import type { Group } from '../../cutover/refresh/group.ts';
import { variantOf, weightsOf } from '../../cutover/refresh/standing.ts';
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

/** @param newest version of the launch template */
export const judgeInstances = (name: string, group: Group, newest: string | undefined): Judgement => {
  const versions = group.instances.map(({ version }) => version);
  const told = weightsText(weightsOf(versions, variantOf(group.version)));
  // Of one that is open the check of cutovers tells.
  if (versions.some((version) => version !== group.version))
    return attention(
      name,
      `${told}: without an open cutover, npm run secrets -- rotate or an instance refresh gives all ${variantOf(group.version)}`,
    );
  if (newest === undefined || newest === group.version) return ok(name, `${told}, the newest`);
  return attention(
    name,
    `${told}; version ${newest} is deployed and runs nowhere: ${start}, or deploy what is to stay`,
  );
};

const ofInstances: Check['look'] = async ({ deployment }) => {
  const { minimum_healthy_percent: minimum, maximum_percent: maximum } = deployment.settings;
  const fn = autoScalingGroup(deployment.region, runningNames(deployment).scalingGroup, { minimum, maximum });
  const group = await fn.read();
  if (group?.template === undefined) return [absent(fn.name)];
  return [judgeInstances(fn.name, group, await fn.newest(group.template))];
};

export const versions: Check = {
  name: 'versions',
  applies: ({ settings }) => settings.lambda_cutover || settings.instance_cutover,
  look: async (around) => {
    const { deployment, client } = around;
    if (deployment.settings.compute_mode === 'ec2') return ofInstances(around);
    const names = runningNames(deployment);
    const fn = functionOn(client(LambdaClient), names.function, names.alias);
    const alias = await fn.alias();
    return [
      alias === undefined ? absent(fn.name) : judgeVersions(`${fn.name}:${names.alias}`, alias, await fn.versions()),
    ];
  },
};
