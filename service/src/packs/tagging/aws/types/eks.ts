/** EKS's clusters, and the node groups in them. Both tell their tags where they are described. */
import {
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  type EKSClient,
  ListClustersCommand,
  ListNodegroupsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eks';
import type { Arn } from '../../estate/arn.ts';
import type { Resource } from '../../estate/estate.ts';
import { eksApi } from '../apis/eks.ts';
import { inBatches } from '../batches.ts';
import { member } from '../failure.ts';
import { type Place, pages, type SendOptions } from '../place.ts';
import { childrenOf } from './children.ts';
import { iso, listingOf, type ResourceListing, saysMissing, type TypeDriver, tagsFrom } from './driver.ts';
import type { TypeFacts } from './form.ts';
import { namedType } from './named.ts';

const PAGE = 100;
const AT_ONCE = 4;
const MISSING = 'ResourceNotFoundException';

const ofEks = {
  api: eksApi,
  missing: [MISSING],
  set: (client, { arn }, tags, options) =>
    client.send(new TagResourceCommand({ resourceArn: arn, tags: { ...tags } }), options),
  remove: (client, { arn }, keys, options) =>
    client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }), options),
} satisfies Pick<TypeFacts<EKSClient>, 'api' | 'missing' | 'set' | 'remove'>;

const clusterPage = (client: EKSClient, nextToken: string | undefined, options: SendOptions) =>
  client.send(new ListClustersCommand({ maxResults: PAGE, nextToken }), options);

export const eksCluster = namedType({
  type: 'eks:cluster',
  noun: ['cluster', 'clusters'],
  ...ofEks,
  describesAtOnce: 1,
  page: clusterPage,
  next: ({ nextToken }) => nextToken,
  names: ({ clusters }) => clusters,
  nameIn: ({ id }) => id,
  describe: (client, [name], options) => client.send(new DescribeClusterCommand({ name }), options),
  details: ({ cluster }) => cluster && [cluster],
  nameOf: ({ name }) => name,
  resource: (cluster, _place, must) => ({
    arn: must('ARN', cluster.arn),
    id: must('name', cluster.name),
    state: must('status', cluster.status),
    createdAt: cluster.createdAt,
    tags: must('tags', cluster.tags),
  }),
});

const everyPage = async <A>(
  ask: (token: string | undefined) => Promise<A>,
  next: (answer: A) => string | undefined,
  what: string,
  names: (answer: A) => readonly string[] | undefined,
): Promise<string[]> => {
  const found: string[] = [];
  for await (const answer of pages(ask, next)) found.push(...member('eks', what, names(answer)));
  return found;
};

const clusterNames = (place: Place): Promise<string[]> =>
  everyPage(
    (token) => place.send(eksApi, (client, options) => clusterPage(client, token, options)),
    ({ nextToken }) => nextToken,
    'the list of clusters',
    ({ clusters }) => clusters,
  );

const groupNames = (place: Place, clusterName: string): Promise<string[]> =>
  everyPage(
    (nextToken) =>
      place.send(eksApi, (client, options) =>
        client.send(new ListNodegroupsCommand({ clusterName, maxResults: PAGE, nextToken }), options),
      ),
    ({ nextToken }) => nextToken,
    'the list of node groups',
    ({ nodegroups }) => nodegroups,
  );

/** One node group; undefined where it went away. */
const describe = async (place: Place, clusterName: string, nodegroupName: string): Promise<Resource | undefined> => {
  try {
    const answer = await place.send(eksApi, (client, options) =>
      client.send(new DescribeNodegroupCommand({ clusterName, nodegroupName }), options),
    );
    const group = member('eks', 'the description of a node group', answer.nodegroup);
    const tags = member('eks', 'the tags of a node group', group.tags);
    return {
      arn: member('eks', 'the ARN of a node group', group.nodegroupArn),
      type: 'eks:nodegroup',
      accountId: place.accountId,
      region: place.region,
      id: member('eks', 'the name of a node group', group.nodegroupName),
      tags: tagsFrom(
        'eks',
        Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      ),
      state: member('eks', 'the status of a node group', group.status).toLowerCase(),
      createdAt: iso(group.createdAt),
    };
  } catch (error) {
    if (saysMissing(error, MISSING)) return undefined;
    throw error;
  }
};

const groupsOf = async (place: Place, cluster: string): Promise<ResourceListing> => {
  const names = await groupNames(place, cluster);
  const { results, failed } = await inBatches(names, { size: 1, limit: AT_ONCE }, async ([name = '']) => {
    const found = await describe(place, cluster, name);
    return found === undefined ? [] : [found];
  });
  const errors = failed.map((each) => each.error);
  return listingOf(results, errors, names.length, `node groups of ${cluster}`);
};

/** nodegroup/<cluster>/<node group>/<id> */
const partsOf = ({ arn }: Pick<Arn, 'arn'>): readonly string[] => arn.split('/').slice(1);

export const eksNodegroup: TypeDriver = {
  ...childrenOf({
    type: 'eks:nodegroup',
    service: eksApi.name,
    parentsNoun: 'clusters',
    parents: clusterNames,
    parentOf: (arn) => partsOf(arn)[0] ?? '',
    missing: [MISSING],
    list: groupsOf,
  }),
  readsAtOnce: 1,
  read: async (place, arns) => {
    const found: Resource[] = [];
    for (const arn of arns) {
      const [cluster = '', name = ''] = partsOf(arn);
      const group = await describe(place, cluster, name);
      // A node group made anew under the name is another one.
      if (group?.arn === arn.arn) found.push(group);
    }
    return found;
  },
  tag: async (place, arn, tags) => {
    await place.send(eksApi, (client, options) => ofEks.set(client, arn, tags, options));
  },
  untag: async (place, arn, keys) => {
    await place.send(eksApi, (client, options) => ofEks.remove(client, arn, keys, options));
  },
};
