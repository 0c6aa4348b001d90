/** A Lambda function with the alias that is called. */
import { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { LambdaProvisionedConcurrencyConfig } from '@cdktf/provider-aws/lib/lambda-provisioned-concurrency-config/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { Archive } from './archive.ts';

const INCLUDED_MB = 512;

export interface FunctionProps {
  readonly name: string;
  readonly description: string;
  /** Archive that `npm run build` made. */
  readonly archive: string;
  /** `file.export` in the archive. */
  readonly handler: string;
  readonly architecture: 'X86_64' | 'ARM64';
  /** MB; sets the CPU too. */
  readonly memory: number;
  /** MB of /tmp. Default: the 512 that Lambda includes. */
  readonly storage?: number;
  /** Seconds one invocation may take. */
  readonly timeout: number;
  /** What it may do. */
  readonly roleArn: string;
  /** Variables; those without a value, and those that the runtime sets, are left out. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Key to encrypt the variables with. Default: Lambda's own. */
  readonly keyArn?: string | undefined;
  /** Where it reaches what has no public address. Default: no VPC. */
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] } | undefined;
  /** Most executions at once. Default: what the account has left. */
  readonly reservedConcurrency?: number | undefined;
  /** Executions kept warm. Default: 0. */
  readonly provisionedConcurrency?: number;
  /**
   * Whether somebody else moves the alias from one version to the next, and keeps the versions warm: an alias with weights
   * can have no warm executions of its own. Default: false, a new version takes all calls.
   */
  readonly versionIsManaged?: boolean;
  /** Segments for X-Ray. Default: true. */
  readonly traces?: boolean;
  /** The role's policy, and the log group: before these are there, it neither starts nor may write. */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** Name of the log group that a function writes to, and does not make: its role may not. */
export const functionLogGroup = (name: string): string => `/aws/lambda/${name}`;

/** Names that Lambda keeps for itself and refuses. */
const reserved =
  /^(AWS_REGION|AWS_DEFAULT_REGION|AWS_LAMBDA_.*|AWS_ACCESS_KEY(_ID)?|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_.*|_HANDLER)$/;

const variablesOf = (environment: FunctionProps['environment']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '' && !reserved.test(entry[0]),
    ),
  );

export class LiveFunction extends Construct {
  readonly name: string;
  readonly arn: string;
  /** What is called: the live version. */
  readonly alias: { readonly name: string; readonly arn: string; readonly invokeArn: string };

  constructor(scope: Construct, id: string, props: FunctionProps) {
    super(scope, id);
    const made = this.#function(props);
    const { provisionedConcurrency = 0, versionIsManaged = false } = props;
    const alias = new LambdaAlias(this, 'alias', {
      name: 'live',
      description: 'What the API calls; its weights are moved outside Terraform',
      functionName: made.functionName,
      functionVersion: made.version,
      // The first version is what it begins with.
      lifecycle: { ignoreChanges: versionIsManaged ? ['routing_config', 'function_version'] : ['routing_config'] },
    });
    this.name = props.name;
    this.arn = made.arn;
    // Not the literal: who names the alias waits for it, and Lambda refuses a permission before it is there.
    this.alias = { name: alias.name, arn: alias.arn, invokeArn: alias.invokeArn };
    if (provisionedConcurrency > 0 && !versionIsManaged)
      new LambdaProvisionedConcurrencyConfig(this, 'warm', {
        functionName: made.functionName,
        qualifier: alias.name,
        provisionedConcurrentExecutions: provisionedConcurrency,
      });
  }

  #function(props: FunctionProps): LambdaFunction {
    const { vpc, reservedConcurrency, storage = INCLUDED_MB, traces = true, dependsOn = [], keyArn } = props;
    const archive = new Archive(this, 'archive', { path: props.archive });
    const variables = variablesOf(props.environment);
    return new LambdaFunction(this, 'function', {
      functionName: props.name,
      description: props.description,
      filename: archive.path,
      sourceCodeHash: archive.hash,
      handler: props.handler,
      // The newest that the provider knows.
      runtime: 'nodejs22.x',
      architectures: [props.architecture === 'ARM64' ? 'arm64' : 'x86_64'],
      memorySize: props.memory,
      ...(storage > INCLUDED_MB && { ephemeralStorage: { size: storage } }),
      timeout: props.timeout,
      role: props.roleArn,
      publish: true,
      ...(Object.keys(variables).length > 0 && { environment: { variables } }),
      ...(keyArn !== undefined && { kmsKeyArn: keyArn }),
      tracingConfig: { mode: traces ? 'Active' : 'PassThrough' },
      ...(reservedConcurrency !== undefined && { reservedConcurrentExecutions: reservedConcurrency }),
      ...(vpc !== undefined && {
        vpcConfig: { subnetIds: [...vpc.subnetIds], securityGroupIds: [...vpc.securityGroupIds] },
      }),
      dependsOn: [...dependsOn],
    });
  }
}
