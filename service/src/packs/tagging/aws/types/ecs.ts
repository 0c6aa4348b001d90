/** ECS clusters and the services in them. */
import {
  type Cluster,
  DescribeClustersCommand,
  DescribeServicesCommand,
  type Failure,
  ListClustersCommand,
  ListServicesCommand,
  type Service,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import type { Arn } from '../../estate/arn.ts';
import type { Resource } from '../../estate/estate.ts';
import { ecsApi } from '../apis/ecs.ts';
import { inBatches } from '../batches.ts';
import { MalformedAnswer, member } from '../failure.ts';
import { settled } from '../parallel.ts';
import { type Place, pages } from '../place.ts';
import { iso, listingOf, type ResourceListing, saysMissing, type TypeDriver, tagsFrom, toSmallList } from './driver.ts';

const CLUSTERS_PER_CALL = 100;
const SERVICES_PER_CALL = 10;
const AT_ONCE = 4;

const clusterArns = async (place: Place): Promise<string[]> => {
  const found: string[] = [];
  const answers = pages(
    (nextToken) =>
      place.send(ecsApi, (client, options) =>
        client.send(new ListClustersCommand({ maxResults: CLUSTERS_PER_CALL, nextToken }), options),
      ),
    (answer) => answer.nextToken,
  );
  for await (const answer of answers) found.push(...member('ecs', 'clusterArns', answer.clusterArns));
  return found;
};

const clusterOf = (cluster: Cluster, { accountId, region }: Place): Resource[] => {
  const arn = member('ecs', 'the ARN of a cluster', cluster.clusterArn);
  const id = member('ecs', 'the name of a cluster', cluster.clusterName);
  const state = member('ecs', 'the status of a cluster', cluster.status).toLowerCase();
  // Deleted clusters are still described for a while.
  if (state === 'inactive') return [];
  const tags = tagsFrom('ecs', member('ecs', 'the tags of a cluster', cluster.tags));
  return [{ arn, type: 'ecs:cluster', accountId, region, id, tags, state, createdAt: null }];
};

const serviceOf = (service: Service, { accountId, region }: Place): Resource[] => {
  const arn = member('ecs', 'the ARN of a service', service.serviceArn);
  const id = member('ecs', 'the name of a service', service.serviceName);
  const state = member('ecs', 'the status of a service', service.status).toLowerCase();
  if (state === 'inactive') return [];
  // ECS leaves the list out where a service has no tags or an ARN of the old format, which cannot have any.
  const tags = tagsFrom('ecs', service.tags ?? []);
  return [{ arn, type: 'ecs:service', accountId, region, id, tags, state, createdAt: iso(service.createdAt) }];
};

const nameIn = (arn: string | undefined): string | undefined => arn?.split('/').at(-1);

/** Each one that was asked about is described, or said to be missing: an answer about fewer is not whole. */
const allTold = (
  asked: readonly string[],
  described: readonly (string | undefined)[],
  failures: readonly Failure[],
): void => {
  const other = failures.find((failure) => failure.reason !== 'MISSING');
  if (other !== undefined) throw Object.assign(new Error('ECS'), { name: other.reason ?? 'UnknownError' });
  // By name: a missing one is told in the spelling of its own choice.
  const told = new Set([...described, ...failures.map((failure) => failure.arn)].map(nameIn));
  if (asked.some((arn) => !told.has(nameIn(arn))))
    throw new MalformedAnswer('ecs', 'everything that it was asked about');
};

const describeClusters = async (place: Place, arns: readonly string[]): Promise<Resource[]> => {
  const answer = await place.send(ecsApi, (client, options) =>
    client.send(new DescribeClustersCommand({ clusters: [...arns], include: ['TAGS'] }), options),
  );
  const clusters = member('ecs', 'clusters', answer.clusters);
  allTold(
    arns,
    clusters.map((each) => each.clusterArn),
    answer.failures ?? [],
  );
  return clusters.flatMap((cluster) => clusterOf(cluster, place));
};

const describeServices = async (place: Place, cluster: string, arns: readonly string[]): Promise<Resource[]> => {
  try {
    const answer = await place.send(ecsApi, (client, options) =>
      client.send(new DescribeServicesCommand({ cluster, services: [...arns], include: ['TAGS'] }), options),
    );
    const services = member('ecs', 'services', answer.services);
    allTold(
      arns,
      services.map((each) => each.serviceArn),
      answer.failures ?? [],
    );
    return services.flatMap((service) => serviceOf(service, place));
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
      place.send(ecsApi, (client, options) =>
        client.send(new ListServicesCommand({ cluster, maxResults: 100, nextToken }), options),
      ),
    (answer) => answer.nextToken,
  );
  try {
    for await (const answer of answers) found.push(...member('ecs', 'serviceArns', answer.serviceArns));
  } catch (error) {
    if (saysMissing(error, 'ClusterNotFoundException')) return [];
    throw error;
  }
  return found;
};

/** The cluster a service's ARN names; old ARNs name none and mean the default one. */
const clusterIn = ({ arn }: Pick<Arn, 'arn'>): string => {
  const parts = arn.split(':').at(-1)?.split('/') ?? [];
  return parts.length > 2 ? (parts[1] ?? 'default') : 'default';
};

const write = {
  tag: async (place: Place, { arn }: Arn, tags: Resource['tags']) => {
    await place.send(ecsApi, (client, options) =>
      client.send(new TagResourceCommand({ resourceArn: arn, tags: toSmallList(tags) }), options),
    );
  },
  untag: async (place: Place, { arn }: Arn, keys: readonly string[]) => {
    await place.send(ecsApi, (client, options) =>
      client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }), options),
    );
  },
};

export const ecsCluster: TypeDriver = {
  type: 'ecs:cluster',
  service: 'ecs',
  readsAtOnce: CLUSTERS_PER_CALL,
  list: async (place) => {
    const arns = await clusterArns(place);
    const { results, failed } = await inBatches(arns, { size: CLUSTERS_PER_CALL, limit: AT_ONCE }, (batch) =>
      describeClusters(place, batch),
    );
    return listingOf(
      results,
      failed.map((each) => each.error),
      arns.length,
      'clusters',
    );
  },
  read: (place, arns) =>
    describeClusters(
      place,
      arns.map((arn) => arn.arn),
    ),
  ...write,
};

/** The services of one cluster. */
const servicesOf = async (place: Place, cluster: string): Promise<ResourceListing> => {
  const arns = await serviceArns(place, cluster);
  const { results, failed } = await inBatches(arns, { size: SERVICES_PER_CALL, limit: AT_ONCE }, (batch) =>
    describeServices(place, cluster, batch),
  );
  return listingOf(
    results,
    failed.map((each) => each.error),
    arns.length,
    `services of ${cluster.split('/').at(-1)}`,
  );
};

export const ecsService: TypeDriver = {
  type: 'ecs:service',
  service: 'ecs',
  readsAtOnce: SERVICES_PER_CALL,
  readTogether: clusterIn,
  list: async (place) => {
    const clusters = await clusterArns(place);
    const read = await settled(clusters, AT_ONCE, (cluster) => servicesOf(place, cluster));
    const whole = listingOf([], read.errors, clusters.length, 'clusters');
    const unread = whole.unread ?? read.results.find((each) => each.unread !== undefined)?.unread;
    const resources = read.results.flatMap((each) => each.resources);
    return unread === undefined ? { resources } : { resources, unread };
  },
  read: (place, arns) => {
    const [first] = arns;
    return first === undefined
      ? Promise.resolve([])
      : describeServices(
          place,
          clusterIn(first),
          arns.map((arn) => arn.arn),
        );
  },
  ...write,
};
