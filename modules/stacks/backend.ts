/** What runs and how requests reach it. */
import { Construct } from 'constructs';
import { ContainerBackend } from './container-backend.ts';
import type { Deployment } from './deployment.ts';
import { EdgeFront } from './edge-front.ts';
import { ServiceFunction } from './function.ts';
import { publicUrlOf } from './hosts.ts';
import { HttpApiFront, type HttpApiFrontProps } from './http-api.ts';
import { originVerification } from './ingress.ts';
import { LoadBalancing } from './load-balancing.ts';
import type { AuthOutputs, BackendOutputs, DomainOutputs, NetworkOutputs, StorageOutputs } from './outputs.ts';
import { Work } from './work.ts';

export interface BackendProps {
  readonly deployment: Deployment;
  readonly network: NetworkOutputs | undefined;
  readonly storage: StorageOutputs;
  readonly domain: DomainOutputs;
  readonly auth: AuthOutputs;
}

/** What runs, and what the HTTP API would call to reach it. */
interface Running {
  readonly balancing?: LoadBalancing;
  readonly target: HttpApiFrontProps['target'] | undefined;
  readonly outputs: Pick<
    BackendOutputs,
    'taskRole' | 'cluster' | 'services' | 'scalingGroup' | 'function' | 'logGroups'
  >;
}

// A construct handed over as it is would carry its whole tree into the outputs.
const named = <T extends { readonly name: string; readonly arn: string }>(made: T | undefined) =>
  made && { name: made.name, arn: made.arn };

export class BackendLayer extends Construct {
  readonly outputs: BackendOutputs;
  readonly #props: BackendProps;
  readonly #publicUrl: string;
  readonly #originHashes: string | undefined;

  constructor(scope: Construct, id: string, props: BackendProps) {
    super(scope, id);
    this.#props = props;
    const { deployment } = props;
    // A custom service may do without a name of its own; it is not told where it stands.
    this.#publicUrl = publicUrlOf(deployment) ?? '';
    this.#originHashes = originVerification(this, deployment)?.hashes;
    const work = new Work(this, 'work', props);
    const running = deployment.shape.containers ? this.#containers(work) : this.#function(work);
    const front = deployment.shape.httpApi ? this.#httpApi(running.target) : undefined;
    const edge = this.#edge(running.balancing, front);
    const { balancing } = running;
    this.outputs = {
      ...running.outputs,
      publicUrl: publicUrlOf(deployment) ?? this.#addressOf(balancing, front, edge),
      logGroups: { ...running.outputs.logGroups, ...front?.logGroups },
      loadBalancer: balancing?.loadBalancer,
      targetGroups: balancing?.targetGroups ?? {},
      httpApi: front?.httpApi,
      authorizer: front?.authorizer,
      distribution: edge?.distribution,
      queues: work.queues,
      webAcl: named(edge?.webAcl ?? balancing?.webAcl),
    };
  }

  #containers({ queueArns, jobsQueueArn, queueUrls }: Work): Running {
    const { network } = this.#props;
    if (network === undefined) throw new Error('containers need a network');
    const balancing = new LoadBalancing(this, 'ingress', { ...this.#props, network });
    const made = new ContainerBackend(this, 'containers', {
      ...this.#props,
      network,
      balancing,
      queueArns,
      jobsQueueArn,
      queueUrls,
      publicUrl: this.#publicUrl,
    });
    const { listenerArn } = balancing;
    return {
      balancing,
      target: listenerArn === undefined ? undefined : { listenerArn },
      outputs: {
        taskRole: { name: made.role.name, arn: made.role.arn },
        cluster: named(made.cluster),
        services: made.services,
        scalingGroup: named(made.scalingGroup),
        logGroups: made.logGroups,
      },
    };
  }

  #function({ queueArns, jobsQueueArn, queueUrls }: Work): Running {
    const made = new ServiceFunction(this, 'function', {
      ...this.#props,
      queueArns,
      jobsQueueArn,
      queueUrls,
      publicUrl: this.#publicUrl,
      originHashes: this.#originHashes,
    });
    return {
      target: { functionName: made.function.name, alias: made.alias },
      outputs: {
        taskRole: made.role,
        services: {},
        function: made.function,
        logGroups: { service: made.logGroup },
      },
    };
  }

  #httpApi(target: HttpApiFrontProps['target'] | undefined): HttpApiFront {
    if (target === undefined) throw new Error('an HTTP API needs a load balancer with TLS, or a function');
    return new HttpApiFront(this, 'api', {
      ...this.#props,
      target,
      publicUrl: this.#publicUrl,
      originHashes: this.#originHashes,
    });
  }

  /** One distribution for all regions, in the primary one. */
  #edge(balancing: LoadBalancing | undefined, api: HttpApiFront | undefined): EdgeFront | undefined {
    const { shape, primary } = this.#props.deployment;
    if (!shape.distribution || !primary) return undefined;
    const checking = [...this.node.children];
    return new EdgeFront(this, 'edge', { ...this.#props, loadBalancer: balancing?.loadBalancer, api, checking });
  }

  /** Where a service without a domain name is found. */
  #addressOf(balancing: LoadBalancing | undefined, api: HttpApiFront | undefined, edge: EdgeFront | undefined): string {
    if (edge !== undefined) return `https://${edge.distribution.domainName}`;
    const balancer = balancing?.loadBalancer;
    return balancer === undefined ? (api?.httpApi.endpoint ?? '') : `http://${balancer.dnsName}`;
  }
}
