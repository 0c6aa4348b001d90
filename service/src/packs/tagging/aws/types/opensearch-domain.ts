import {
  AddTagsCommand,
  DescribeDomainsCommand,
  type DomainStatus,
  ListDomainNamesCommand,
  ListTagsCommand,
  RemoveTagsCommand,
} from '@aws-sdk/client-opensearch';
import type { Resource } from '../../estate.ts';
import { inParallel } from '../parallel.ts';
import { chunked, type Place } from '../place.ts';
import { saysMissing, type TypeDriver, tagsFrom, toList } from './driver.ts';

const DOMAINS_PER_CALL = 5;
const AT_ONCE = 4;

const stateOf = (domain: DomainStatus): string => {
  if (domain.Deleted) return 'deleting';
  return domain.Processing || domain.Created === false ? 'processing' : 'available';
};

/** Accounts hold few domains, so their tags are asked one by one: that is true at once, where GetResources lags. */
const resourceOf = async (domain: DomainStatus, place: Place): Promise<Resource[]> => {
  const { ARN: arn, DomainName: id } = domain;
  if (arn === undefined || id === undefined) return [];
  const { TagList } = await place.send('opensearch', (client, options) =>
    client.send(new ListTagsCommand({ ARN: arn }), options),
  );
  const { accountId, region } = place;
  const tags = tagsFrom(TagList);
  return [{ arn, type: 'opensearch:domain', accountId, region, id, tags, state: stateOf(domain), createdAt: null }];
};

const describe = async (place: Place, names: readonly string[]): Promise<Resource[]> => {
  const answers = await inParallel(chunked(names, DOMAINS_PER_CALL), AT_ONCE, (DomainNames) =>
    place.send('opensearch', (client, options) => client.send(new DescribeDomainsCommand({ DomainNames }), options)),
  );
  const domains = answers.flatMap((answer) => answer.DomainStatusList ?? []);
  return (await inParallel(domains, AT_ONCE, (domain) => resourceOf(domain, place))).flat();
};

export const opensearchDomain: TypeDriver = {
  type: 'opensearch:domain',
  service: 'opensearch',
  list: async (place) => {
    const { DomainNames = [] } = await place.send('opensearch', (client, options) =>
      client.send(new ListDomainNamesCommand(), options),
    );
    return describe(
      place,
      DomainNames.flatMap(({ DomainName }) => (DomainName === undefined ? [] : [DomainName])),
    );
  },
  read: async (place, arns) => {
    const found = await inParallel(arns, AT_ONCE, async ({ id }): Promise<Resource[]> => {
      try {
        return await describe(place, [id]);
      } catch (error) {
        if (saysMissing(error, 'ResourceNotFoundException')) return [];
        throw error;
      }
    });
    return found.flat();
  },
  tag: async (place, { arn }, tags) => {
    await place.send('opensearch', (client, options) =>
      client.send(new AddTagsCommand({ ARN: arn, TagList: toList(tags) }), options),
    );
  },
  untag: async (place, { arn }, keys) => {
    await place.send('opensearch', (client, options) =>
      client.send(new RemoveTagsCommand({ ARN: arn, TagKeys: [...keys] }), options),
    );
  },
};
