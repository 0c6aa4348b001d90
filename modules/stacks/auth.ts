/** Who signs people in: user pool, clients, groups, identity pool. */
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { AuthOutputs, DomainOutputs, StorageOutputs } from './outputs.ts';

export interface AuthProps {
  readonly deployment: Deployment;
  readonly storage: StorageOutputs;
  readonly domain: DomainOutputs;
}

export class AuthLayer extends Construct {
  readonly outputs: AuthOutputs;

  constructor(scope: Construct, id: string, _props: AuthProps) {
    super(scope, id);
    this.outputs = {};
  }
}
