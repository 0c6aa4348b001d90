/** What an operator asks of a state: `terraform output -raw application_url`. The same names in every environment. */
import { TerraformOutput, type TerraformStack } from 'cdktf';
import type { AuthOutputs, BackendOutputs, NetworkOutputs, StorageOutputs } from './outputs.ts';

export interface OperatorView {
  readonly network: NetworkOutputs | undefined;
  readonly storage: StorageOutputs;
  readonly auth: AuthOutputs;
  readonly backend: BackendOutputs;
}

type Told = string | Readonly<Record<string, string | undefined>> | undefined;

/** By the output's name; undefined where the environment has no such thing. */
const toldBy = ({ network, storage, auth, backend }: OperatorView): Readonly<Record<string, Told>> => ({
  application_url: backend.publicUrl === '' ? undefined : backend.publicUrl,
  load_balancer_dns_name: backend.loadBalancer?.dnsName,
  api_endpoint: backend.httpApi?.endpoint,
  distribution_domain_name: backend.distribution?.domainName,
  ecs_cluster_name: backend.cluster?.name,
  ecs_service_names: backend.services,
  function_name: backend.function?.name,
  task_role_arn: backend.taskRole.arn,
  cloudwatch_log_group_names: backend.logGroups,
  security_group_ids: network?.securityGroups,
  vpc_id: network?.vpcId,
  database_host: storage.database?.host,
  cache_host: storage.cache?.host,
  table_names:
    storage.tables && Object.fromEntries(Object.entries(storage.tables).map(([table, { name }]) => [table, name])),
  bucket_names: Object.fromEntries(Object.entries(storage.buckets).map(([use, bucket]) => [use, bucket?.name])),
  secret_arns: storage.secrets,
  user_pool_id: auth.userPool?.id,
});

/** Declares them in the stack of the backend, which is the last that all of them are known in. */
export const declareOperatorOutputs = (stack: TerraformStack, view: OperatorView): void => {
  for (const [name, told] of Object.entries(toldBy(view))) {
    if (told === undefined) continue;
    const value =
      typeof told === 'string'
        ? told
        : Object.fromEntries(Object.entries(told).filter(([, text]) => text !== undefined));
    if (typeof value === 'object' && Object.keys(value).length === 0) continue;
    new TerraformOutput(stack, `told-${name}`, { value }).overrideLogicalId(name);
  }
};
