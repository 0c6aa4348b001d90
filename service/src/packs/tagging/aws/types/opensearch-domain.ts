import {
  AddTagsCommand,
  DescribeDomainsCommand,
  type DomainStatus,
  ListDomainNamesCommand,
  ListTagsCommand,
  RemoveTagsCommand,
} from '@aws-sdk/client-opensearch';
import type { Resource } from '../../estate/estate.ts';
import { opensearchApi } from '../apis/opensearch.ts';
import { type Batched, inBatches } from '../batches.ts';
import { MalformedAnswer, member } from '../failure.ts';
import { settled } from '../parallel.ts';
import type { Place } from '../place.ts';
import { listingOf, saysMissing, type TypeDriver, tagsFrom, toList } from './driver.ts';

const DOMAINS_PER_CALL = 5;
const AT_ONCE = 4;

const stateOf = (domain: DomainStatus): string => {
  if (domain.Deleted) return 'deleting';
  return domain.Processing || domain.Created === false ? 'processing' : 'available';
};

/** Accounts hold few domains, so their tags are asked one by one: that is true at once, where GetResources lags. */
const resourceOf = async (domain: DomainStatus, place: Place): Promise<Resource> => {
  const arn = member('opensearch', 'the ARN of a domain', domain.ARN);
  const id = member('opensearch', 'the name of a domain', domain.DomainName);
  const { TagList } = await place.send(opensearchApi, (client, options) =>
    client.send(new ListTagsCommand({ ARN: arn }), options),
  );
  const { accountId, region } = place;
  const tags = tagsFrom('opensearch', member('opensearch', 'TagList', TagList));
  return { arn, type: 'opensearch:domain', accountId, region, id, tags, state: stateOf(domain), createdAt: null };
};

const describe = async (place: Place, names: readonly string[]): Promise<DomainStatus[]> => {
  const { DomainStatusList } = await place.send(opensearchApi, (client, options) =>
    client.send(new DescribeDomainsCommand({ DomainNames: [...names] }), options),
  );
  return member('opensearch', 'DomainStatusList', DomainStatusList);
};

const domainNames = async (place: Place): Promise<string[]> => {
  const { DomainNames } = await place.send(opensearchApi, (client, options) =>
    client.send(new ListDomainNamesCommand(), options),
  );
  return member('opensearch', 'DomainNames', DomainNames).map(({ DomainName }) =>
    member('opensearch', 'the name of a domain', DomainName),
  );
};

/** Domains that were named and then not described: an error each, unless they went away in between. */
const undescribed = async (
  place: Place,
  names: readonly string[],
  { results, failed }: Batched<string, DomainStatus>,
): Promise<MalformedAnswer[]> => {
  const answered = new Set([...results.map((domain) => domain.DomainName), ...failed.map(({ member: name }) => name)]);
  const open = names.filter((name) => !answered.has(name));
  if (open.length === 0) return [];
  const still = new Set(await domainNames(place));
  return open
    .filter((name) => still.has(name))
    .map(() => new MalformedAnswer('opensearch', 'every domain that it was asked about'));
};

export const opensearchDomain: TypeDriver = {
  type: 'opensearch:domain',
  service: 'opensearch',
  readsAtOnce: 1,
  list: async (place) => {
    const names = await domainNames(place);
    const described = await inBatches(names, { size: DOMAINS_PER_CALL, limit: AT_ONCE }, (batch) =>
      describe(place, batch),
    );
    const absent = await undescribed(place, names, described);
    const read = await settled(described.results, AT_ONCE, (domain) => resourceOf(domain, place));
    const errors = [...described.failed.map((each) => each.error), ...absent, ...read.errors];
    return listingOf(read.results, errors, names.length, 'domains');
  },
  read: async (place, arns) => {
    const found: Resource[] = [];
    for (const { id } of arns)
      try {
        for (const domain of await describe(place, [id])) found.push(await resourceOf(domain, place));
      } catch (error) {
        if (!saysMissing(error, 'ResourceNotFoundException')) throw error;
      }
    return found;
  },
  tag: async (place, { arn }, tags) => {
    await place.send(opensearchApi, (client, options) =>
      client.send(new AddTagsCommand({ ARN: arn, TagList: toList(tags) }), options),
    );
  },
  untag: async (place, { arn }, keys) => {
    await place.send(opensearchApi, (client, options) =>
      client.send(new RemoveTagsCommand({ ARN: arn, TagKeys: [...keys] }), options),
    );
  },
};
