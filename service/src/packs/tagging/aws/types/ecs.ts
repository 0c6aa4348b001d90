/** ECS clusters and the services in them. */
import {
  type Cluster,
  DescribeClustersCommand,
  DescribeServicesCommand,
  ListClustersCommand,
  ListServicesCommand,
  type Service,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import type { Arn } from '../../arn.ts';
import type { Resource } from '../../estate.ts';
import { inParallel } from '../parallel.ts';
import { chunked, type Place, pages } from '../place.ts';
import { iso, saysMissing, type TypeDriver, tagsFrom } from './driver.ts';

const CLUSTERS_PER_CALL = 100;
const SERVICES_PER_CALL = 10;
const AT_ONCE = 4;

const clusterArns = async (place: Place): Promise<string[]> => {
  const found: string[] = [];
  const answers = pages(
    (nextToken) =>
      place.send('ecs', (client, options) =>
        client.send(new ListClustersCommand({ maxResults: CLUSTERS_PER_CALL, nextToken }), options),
      ),
    (answer) => answer.nextToken,
  );
  for await (const answer of answers) found.push(...(answer.clusterArns ?? []));
  return found;
};

const stateOf = (status: string | undefined): string => (status ?? 'unknown').toLowerCase();

const clusterOf = (cluster: Cluster, { accountId, region }: Place): Resource[] => {
  const { clusterArn: arn, clusterName: id } = cluster;
  // Deleted clusters are still described for a while.
  if (arn === undefined || id === undefined || cluster.status === 'INACTIVE') return [];
  const tags = tagsFrom(cluster.tags);
  return [{ arn, type: 'ecs:cluster', accountId, region, id, tags, state: stateOf(cluster.status), createdAt: null }];
};

const serviceOf = (service: Service, { accountId, region }: Place): Resource[] => {
  const { serviceArn: arn, serviceName: id } = service;
  if (arn === undefined || id === undefined || service.status === 'INACTIVE') return [];
  const tags = tagsFrom(service.tags);
  const createdAt = iso(service.createdAt);
  return [{ arn, type: 'ecs:service', accountId, region, id, tags, state: stateOf(service.status), createdAt }];
};

const describeClusters = async (place: Place, arns: readonly string[]): Promise<Resource[]> => {
  const answers = await inParallel(chunked(arns, CLUSTERS_PER_CALL), AT_ONCE, (clusters) =>
    place.send('ecs', (client, options) =>
      client.send(new DescribeClustersCommand({ clusters, include: ['TAGS'] }), options),
    ),
  );
  return answers.flatMap(({ clusters = [] }) => clusters.flatMap((cluster) => clusterOf(cluster, place)));
};

const describeServices = async (place: Place, cluster: string, arns: readonly string[]): Promise<Resource[]> => {
  try {
    const answers = await inParallel(chunked(arns, SERVICES_PER_CALL), AT_ONCE, (services) =>
      place.send('ecs', (client, options) =>
        client.send(new DescribeServicesCommand({ cluster, services, include: ['TAGS'] }), options),
      ),
    );
    return answers.flatMap(({ services = [] }) => services.flatMap((service) => serviceOf(service, place)));
  } catch (error) {
    // The cluster went away between two calls, or an ARN names one that never was.
    if (saysMissing(error, 'ClusterNotFoundException')) return [];
    throw error;
  }
};

const serviceArns = async (place: Place, cluster: string): Promise<string[]> => {
  const found: string[] = [];
  const answers = pages(
    (nextToken) =>
      place.send('ecs', (client, options) =>
        client.send(new ListServicesCommand({ cluster, maxResults: 100, nextToken }), options),
      ),
    (answer) => answer.nextToken,
  );
  for await (const answer of answers) found.push(...(answer.serviceArns ?? []));
  return found;
};

/** The cluster a service's ARN names; old ARNs name none and mean the default one. */
const clusterIn = ({ arn }: Arn): string => {
  const parts = arn.split(':').at(-1)?.split('/') ?? [];
  return parts.length > 2 ? (parts[1] ?? 'default') : 'default';
};

const write = {
  tag: async (place: Place, { arn }: Arn, tags: Resource['tags']) => {
    const list = Object.entries(tags).map(([key, value]) => ({ key, value }));
    await place.send('ecs', (client, options) =>
      client.send(new TagResourceCommand({ resourceArn: arn, tags: list }), options),
    );
  },
  untag: async (place: Place, { arn }: Arn, keys: readonly string[]) => {
    await place.send('ecs', (client, options) =>
      client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }), options),
    );
  },
};

export const ecsCluster: TypeDriver = {
  type: 'ecs:cluster',
  service: 'ecs',
  list: async (place) => describeClusters(place, await clusterArns(place)),
  read: (place, arns) =>
    describeClusters(
      place,
      arns.map((arn) => arn.arn),
    ),
  ...write,
};

export const ecsService: TypeDriver = {
  type: 'ecs:service',
  service: 'ecs',
  list: async (place) => {
    const found = await inParallel(await clusterArns(place), AT_ONCE, async (cluster) =>
      describeServices(place, cluster, await serviceArns(place, cluster)),
    );
    return found.flat();
  },
  read: async (place, arns) => {
    const groups = [...Map.groupBy(arns, clusterIn)];
    const found = await inParallel(groups, AT_ONCE, ([cluster, members]) =>
      describeServices(
        place,
        cluster,
        members.map((arn) => arn.arn),
      ),
    );
    return found.flat();
  },
  ...write,
};
