/** Where a stack keeps its Terraform state, and how another stack reads it. */
import { join } from 'node:path';
import {
  DataTerraformRemoteStateLocal,
  DataTerraformRemoteStateS3,
  LocalBackend,
  S3Backend,
  type TerraformRemoteState,
  type TerraformStack,
} from 'cdktf';
import type { Deployment, DeploymentTarget } from './deployment.ts';
import { standInKeys } from './target.ts';

const keyOf = ({ settings, region }: Deployment, layer?: string): string =>
  [settings.project_name, settings.environment, region, ...(layer === undefined ? [] : [layer])].join('/');

/** Key of a stack's state in the bucket: `<project>/<environment>/<region>[/<layer>].tfstate`. */
export const stateKey = (deployment: Deployment, layer?: string): string => `${keyOf(deployment, layer)}.tfstate`;

/** Key of the lock and record of a cutover, beside the states: `<project>/<environment>/<region>.cutover.json`. */
export const cutoverKey = (deployment: Deployment): string => `${keyOf(deployment)}.cutover.json`;

/** Key of what `npm run migrate` wrote down last: `<project>/<environment>/<region>.migrated.json`. */
export const migrationKey = (deployment: Deployment): string => `${keyOf(deployment)}.migrated.json`;

/** Key of the record of a name's move to this environment: `<project>/<environment>/<region>.move.json`. */
export const moveKey = (deployment: Deployment): string => `${keyOf(deployment)}.move.json`;

/** Key of what says that a backup is being verified: `<project>/<environment>/<region>.verification.json`. */
export const verificationKey = (deployment: Deployment): string => `${keyOf(deployment)}.verification.json`;

/** The folder that holds the states, where the target has one. */
const folderOf = (target: DeploymentTarget): string | undefined =>
  target.kind === 'aws' ? undefined : target.stateFolder;

/** Terraform asks the stand-in for everything, so that no variable of the shell has to be right. */
const onStandIn = (url: string) => ({
  ...standInKeys,
  endpoints: { s3: url, sts: url, iam: url },
  usePathStyle: true,
  skipCredentialsValidation: true,
  skipMetadataApiCheck: true,
  skipRegionValidation: true,
});

const inS3 = (deployment: Deployment, layer?: string) => ({
  bucket: deployment.settings.state_bucket,
  region: deployment.settings.state_region,
  key: stateKey(deployment, layer),
  ...(deployment.target.kind === 'emulator' && onStandIn(deployment.target.url)),
});
const inFolder = (folder: string, deployment: Deployment, layer?: string) => ({
  path: join(folder, `${keyOf(deployment, layer).replaceAll('/', '-')}.tfstate`),
});

/** Keeps the stack's state in S3, encrypted and locked, or in the target's folder. */
export const addState = (stack: TerraformStack, deployment: Deployment, layer?: string): void => {
  const folder = folderOf(deployment.target);
  if (folder !== undefined) {
    new LocalBackend(stack, inFolder(folder, deployment, layer));
    return;
  }
  new S3Backend(stack, { ...inS3(deployment, layer), encrypt: true });
  // S3's own lock file replaces the DynamoDB table; cdktf 0.21 has no property for it.
  stack.addOverride('terraform.backend.s3.use_lockfile', true);
};

/** The outputs of another layer's state. */
export const readState = (stack: TerraformStack, deployment: Deployment, layer: string): TerraformRemoteState => {
  const folder = folderOf(deployment.target);
  const id = `${layer}-state`;
  return folder === undefined
    ? new DataTerraformRemoteStateS3(stack, id, inS3(deployment, layer))
    : new DataTerraformRemoteStateLocal(stack, id, inFolder(folder, deployment, layer));
};
