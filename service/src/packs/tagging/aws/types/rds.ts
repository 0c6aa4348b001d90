import {
  AddTagsToResourceCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-rds';
import type { Resource } from '../../estate/estate.ts';
import { rdsApi } from '../apis/rds.ts';
import { member } from '../failure.ts';
import { type Place, pages } from '../place.ts';
import { iso, type TypeDriver, tagsFrom, toList } from './driver.ts';

const PAGE = 100;

const resourceOf = (db: DBInstance, { accountId, region }: Place): Resource => {
  const id = member('rds', 'the name of a database', db.DBInstanceIdentifier);
  return {
    arn: member('rds', 'the ARN of a database', db.DBInstanceArn),
    type: 'rds:db',
    accountId,
    region,
    id,
    tags: tagsFrom('rds', member('rds', 'the TagList of a database', db.TagList)),
    state: member('rds', 'the status of a database', db.DBInstanceStatus).toLowerCase(),
    createdAt: iso(db.InstanceCreateTime),
  };
};

const describe = async (place: Place, ids?: readonly string[]): Promise<Resource[]> => {
  const found: Resource[] = [];
  const filter = ids === undefined ? {} : { Filters: [{ Name: 'db-instance-id', Values: [...ids] }] };
  const answers = pages(
    (Marker) =>
      place.send(rdsApi, (client, options) =>
        client.send(new DescribeDBInstancesCommand({ ...filter, MaxRecords: PAGE, Marker }), options),
      ),
    (answer) => answer.Marker,
  );
  for await (const { DBInstances } of answers)
    for (const db of member('rds', 'DBInstances', DBInstances)) found.push(resourceOf(db, place));
  return found;
};

export const rdsDb: TypeDriver = {
  type: 'rds:db',
  service: 'rds',
  readsAtOnce: PAGE,
  list: async (place) => ({ resources: await describe(place) }),
  read: (place, arns) =>
    describe(
      place,
      arns.map((arn) => arn.id),
    ),
  tag: async (place, { arn }, tags) => {
    await place.send(rdsApi, (client, options) =>
      client.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags: toList(tags) }), options),
    );
  },
  untag: async (place, { arn }, keys) => {
    await place.send(rdsApi, (client, options) =>
      client.send(new RemoveTagsFromResourceCommand({ ResourceName: arn, TagKeys: [...keys] }), options),
    );
  },
};
