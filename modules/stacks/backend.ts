/** What runs and how requests reach it. */
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { AuthOutputs, BackendOutputs, DomainOutputs, NetworkOutputs, StorageOutputs } from './outputs.ts';

export interface BackendProps {
  readonly deployment: Deployment;
  readonly network: NetworkOutputs | undefined;
  readonly storage: StorageOutputs;
  readonly domain: DomainOutputs;
  readonly auth: AuthOutputs;
}

export class BackendLayer extends Construct {
  readonly outputs: BackendOutputs;

  constructor(scope: Construct, id: string, _props: BackendProps) {
    super(scope, id);
    this.outputs = {
      publicUrl: '',
      logGroups: {},
      taskRole: { name: '', arn: '' },
      services: {},
      targetGroups: {},
      queues: {},
    };
  }
}
