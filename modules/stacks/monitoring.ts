/** Alarms, dashboard, threat detection, budgets. */
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { AuthOutputs, BackendOutputs, NetworkOutputs, StorageOutputs } from './outputs.ts';

export interface MonitoringProps {
  readonly deployment: Deployment;
  readonly network: NetworkOutputs | undefined;
  readonly storage: StorageOutputs;
  readonly auth: AuthOutputs;
  readonly backend: BackendOutputs;
}

export class MonitoringLayer extends Construct {
  constructor(scope: Construct, id: string, _props: MonitoringProps) {
    super(scope, id);
  }
}
