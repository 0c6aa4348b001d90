/** Keys, secrets, tables, database, cache, buckets and their backups. */
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { NetworkOutputs, StorageOutputs } from './outputs.ts';

export interface StorageProps {
  readonly deployment: Deployment;
  readonly network: NetworkOutputs | undefined;
}

export class StorageLayer extends Construct {
  readonly outputs: StorageOutputs;

  constructor(scope: Construct, id: string, _props: StorageProps) {
    super(scope, id);
    this.outputs = { keys: {}, buckets: {}, secrets: {} };
  }
}
