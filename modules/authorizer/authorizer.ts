/** The function that decides, before the service is reached, who may call the API. */
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { AuthorizerVariables } from '../../contracts/authorizer-environment.ts';
import { type FunctionProps, LiveFunction } from '../function/function.ts';

export interface AuthorizerProps {
  readonly name: string;
  /** Archive that `npm run build` made. */
  readonly archive: string;
  readonly architecture: FunctionProps['architecture'];
  readonly roleArn: string;
  /** What it checks. */
  readonly rules: AuthorizerVariables;
  /** Key to encrypt the variables with. Default: Lambda's own. */
  readonly keyArn?: string | undefined;
  /** Executions kept warm. Default: 0. */
  readonly provisionedConcurrency?: number;
  readonly traces?: boolean;
  readonly dependsOn?: readonly ITerraformDependable[];
}

export class Authorizer extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly alias: LiveFunction['alias'];

  constructor(scope: Construct, id: string, { rules, ...props }: AuthorizerProps) {
    super(scope, id);
    const made = new LiveFunction(this, 'function', {
      ...props,
      description: 'Decides who may call the API: token, scopes, caller key, employee rule',
      handler: 'handler.handler',
      memory: 256,
      timeout: 5,
      environment: rules,
    });
    this.name = made.name;
    this.arn = made.arn;
    this.alias = made.alias;
  }
}
