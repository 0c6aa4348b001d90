/** The HTTP API of an environment: its routes, its authorizer, its name. For shapes with an HTTP API. */
import { Construct } from 'constructs';
import type { RouteContract } from '../../contracts/route.ts';
import { routesOf } from '../../contracts/routes.ts';
import type { Backend } from '../api-gateway/backend.ts';
import { HttpApi } from '../api-gateway/http-api.ts';
import { Authorizer } from '../authorizer/authorizer.ts';
import { AliasRecord } from '../domain/alias-record.ts';
import { functionLogGroup } from '../function/function.ts';
import { LogGroup } from '../logs/log-group.ts';
import { AuthorizerRole } from '../roles/authorizer-role.ts';
import { type AuthorizerRulesProps, authorizerRules } from './authorizer-rules.ts';
import type { Deployment } from './deployment.ts';
import { archiveOf } from './function.ts';
import { roleName } from './grants.ts';
import { hostsOf } from './hosts.ts';
import { ofRegions, packHeaders } from './ingress.ts';
import type { DomainOutputs, NamedArn, NetworkOutputs } from './outputs.ts';

export interface HttpApiFrontProps extends AuthorizerRulesProps {
  readonly network: NetworkOutputs | undefined;
  readonly domain: DomainOutputs;
  /** The load balancer's HTTPS listener, or the service's function. */
  readonly target:
    | { readonly listenerArn: string }
    | { readonly functionName: string; readonly alias: { readonly name: string; readonly invokeArn: string } };
}

/**
 * Behind the edge, containers get all but the facade from the load balancer itself, which streams and passes challenges
 * on. Of an image that is not ours only the facade is known.
 */
const servedRoutes = ({ settings, shape }: Deployment): Record<string, RouteContract> => {
  const all = settings.container === 'countersign' && (settings.ingress_mode === 'api-gateway' || !shape.containers);
  const served = ({ facade, sandboxOnly }: RouteContract) => facade || (all && sandboxOnly !== true);
  return Object.fromEntries(Object.entries(routesOf(settings.tool_packs)).filter(([, route]) => served(route)));
};

const present = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`the HTTP API needs ${what}`);
  return value;
};

const backendOf = ({ deployment, network, target }: HttpApiFrontProps): Backend => {
  if ('alias' in target) return { kind: 'function', ...target };
  const { settings, names } = deployment;
  const { privateSubnets, publicSubnets, securityGroups } = present(network, 'a network for its VPC link');
  const subnets = Object.values(privateSubnets);
  return {
    kind: 'load-balancer',
    listenerArn: target.listenerArn,
    host: present(settings.domain_name, 'domain_name'),
    link: {
      name: names.with('vpc-link'),
      subnetIds: subnets.length > 0 ? subnets : Object.values(publicSubnets),
      securityGroupIds: [present(securityGroups.vpcLink, 'the security group of its VPC link')],
    },
  };
};

export class HttpApiFront extends Construct {
  readonly httpApi: { readonly id: string; readonly endpoint: string; readonly stage: string };
  /** Host that CloudFront, or a client, reaches it at. */
  readonly host: string;
  readonly authorizer?: NamedArn;
  /** Names, `api` and `authorizer`. */
  readonly logGroups: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: HttpApiFrontProps) {
    super(scope, id);
    const { deployment } = props;
    const authorizer = deployment.shape.authorizer ? this.#authorizer(props) : undefined;
    const api = this.#api(props, authorizer?.made);
    this.#record(props, api);
    this.httpApi = { id: api.id, endpoint: api.endpoint, stage: api.stage };
    this.host = api.host;
    this.logGroups = { api: api.logGroup, ...(authorizer && { authorizer: authorizer.logGroup }) };
    if (authorizer) this.authorizer = { name: authorizer.made.name, arn: authorizer.made.arn };
  }

  #api(props: HttpApiFrontProps, authorizer: Authorizer | undefined): HttpApi {
    const { deployment, storage, domain } = props;
    const { settings, names } = deployment;
    const name = hostsOf(deployment).httpApi;
    const { certificateArn } = domain;
    return new HttpApi(this, 'api', {
      name: names.of('api'),
      routes: servedRoutes(deployment),
      backend: backendOf(props),
      authorizer,
      timeoutMs: settings.api_timeout_ms,
      throttle: { rate: settings.api_throttle_rate, burst: settings.api_throttle_burst },
      cors:
        settings.cors_origins.length > 0
          ? {
              origins: settings.cors_origins,
              headers: [...(settings.api_key_required ? [settings.api_key_header] : []), ...packHeaders(settings)],
            }
          : undefined,
      logs: { retentionDays: settings.log_retention_days, keyArn: storage.keys.logs },
      domain: name === undefined || certificateArn === undefined ? undefined : { name, certificateArn },
    });
  }

  #authorizer(props: HttpApiFrontProps): { readonly made: Authorizer; readonly logGroup: string } {
    const { deployment, storage } = props;
    const { settings, names, region } = deployment;
    const name = names.of('authorizer');
    const log = new LogGroup(this, 'authorizer-log', {
      name: functionLogGroup(name),
      retentionDays: settings.log_retention_days,
      keyArn: storage.keys.logs,
    });
    const rules = authorizerRules(props);
    const role = new AuthorizerRole(this, 'authorizer-role', {
      name: roleName(deployment, 'authorizer-role'),
      region,
      logGroupArn: log.arn,
      apiKeysSecretArn: rules.API_KEYS_SECRET,
      secretsKeyArn: storage.keys.secrets,
      traces: settings.xray,
    });
    const made = new Authorizer(this, 'authorizer', {
      name,
      archive: archiveOf(deployment, 'authorizer'),
      architecture: settings.cpu_architecture,
      roleArn: role.arn,
      rules,
      traces: settings.xray,
      dependsOn: [log.ready, ...(role.ready === undefined ? [] : [role.ready])],
    });
    return { made, logGroup: log.name };
  }

  #record({ deployment, domain }: HttpApiFrontProps, { target, host }: HttpApi): void {
    if (target === undefined || domain.zoneId === undefined) return;
    new AliasRecord(this, 'record', {
      zoneId: domain.zoneId,
      name: host,
      target,
      ofRegions: ofRegions(deployment),
    });
  }
}
