/** What anybody needs who works on the stand-in that `npm run emulate -- --serve` keeps: variables, and the state bucket. */
import { S3Client } from '@aws-sdk/client-s3';
import { EMULATOR_URL, standInKeys } from '../../modules/stacks/target.ts';
import { bucketOf } from '../operate/bootstrap/bucket-of.ts';
import { prepareBucket } from '../operate/bootstrap/state-bucket.ts';
import { openOperated } from '../operate/operated.ts';
import type { Host } from '../platform/command.ts';
import { providerSource } from '../platform/terraform.ts';
import { terraformVariables } from '../platform/variables.ts';
import { openWorkspace } from '../platform/workspace.ts';
import type { Emulator } from './moto.ts';

export interface Served {
  readonly url: string;
  /** Of the Terraform states; it is there, as `npm run bootstrap` makes it. */
  readonly bucket: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Variables of the shell that would lead elsewhere. */
  readonly unset: readonly string[];
}

const given = (variables: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (value ? [[name, value]] : [])));

/**
 * Makes the state bucket.
 * @param out folder to synthesize to, to see which variables the stacks declare
 */
export const serveOn = async (host: Host, { url }: Emulator, environment: string, out: string): Promise<Served> => {
  const operated = await openOperated(host, { environment });
  const bucket = bucketOf(operated);
  const credentials = { accessKeyId: standInKeys.accessKey, secretAccessKey: standInKeys.secretKey };
  const client = new S3Client({ region: bucket.region, endpoint: url, credentials, forcePathStyle: true });
  await prepareBucket(client, bucket, false).finally(() => client.destroy());
  const workspace = await openWorkspace(host, { environment, out, target: { kind: 'emulator', url } });
  return {
    url,
    bucket: bucket.name,
    variables: {
      [EMULATOR_URL]: url,
      ENVIRONMENT: environment,
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: standInKeys.accessKey,
      AWS_SECRET_ACCESS_KEY: standInKeys.secretKey,
      AWS_REGION: operated.settings.regions[0] ?? bucket.region,
      ...given(await providerSource(host, workspace)),
      ...given(await terraformVariables(workspace)),
    },
    unset: ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SESSION_TOKEN'],
  };
};

/** Lines for a shell. */
export const exportLines = ({ variables, unset }: Served): readonly string[] => [
  `unset ${unset.join(' ')}`,
  ...Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`),
];
