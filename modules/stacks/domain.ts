/** The hosted zone, certificates and the mail identity. Records of an endpoint stand beside it, in the backend. */
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { DomainOutputs } from './outputs.ts';

export class DomainLayer extends Construct {
  readonly outputs: DomainOutputs;

  constructor(scope: Construct, id: string, _props: { readonly deployment: Deployment }) {
    super(scope, id);
    this.outputs = {};
  }
}
