import {
  AddTagsToResourceCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-rds';
import type { Resource } from '../../estate.ts';
import { chunked, type Place, pages } from '../place.ts';
import { iso, type TypeDriver, tagsFrom, toList } from './driver.ts';

const PAGE = 100;

const resourceOf = (db: DBInstance, { accountId, region }: Place): Resource | undefined => {
  const { DBInstanceArn: arn, DBInstanceIdentifier: id } = db;
  if (arn === undefined || id === undefined) return undefined;
  const state = (db.DBInstanceStatus ?? 'unknown').toLowerCase();
  return {
    arn,
    type: 'rds:db',
    accountId,
    region,
    id,
    tags: tagsFrom(db.TagList),
    state,
    createdAt: iso(db.InstanceCreateTime),
  };
};

const describe = async (place: Place, ids?: readonly string[]): Promise<Resource[]> => {
  const found: Resource[] = [];
  const filter = ids === undefined ? {} : { Filters: [{ Name: 'db-instance-id', Values: [...ids] }] };
  const answers = pages(
    (Marker) =>
      place.send('rds', (client, options) =>
        client.send(new DescribeDBInstancesCommand({ ...filter, MaxRecords: PAGE, Marker }), options),
      ),
    (answer) => answer.Marker,
  );
  for await (const { DBInstances = [] } of answers)
    for (const db of DBInstances) {
      const resource = resourceOf(db, place);
      if (resource) found.push(resource);
    }
  return found;
};

export const rdsDb: TypeDriver = {
  type: 'rds:db',
  service: 'rds',
  list: (place) => describe(place),
  read: async (place, arns) => {
    const batches = chunked(arns, PAGE).map((batch) =>
      describe(
        place,
        batch.map((arn) => arn.id),
      ),
    );
    return (await Promise.all(batches)).flat();
  },
  tag: async (place, { arn }, tags) => {
    await place.send('rds', (client, options) =>
      client.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags: toList(tags) }), options),
    );
  },
  untag: async (place, { arn }, keys) => {
    await place.send('rds', (client, options) =>
      client.send(new RemoveTagsFromResourceCommand({ ResourceName: arn, TagKeys: [...keys] }), options),
    );
  },
};
