/** What a CloudTrail record says of a tag. Records are JSON of many shapes: one per service. */
import type { Event } from '@aws-sdk/client-cloudtrail';
import { z } from 'zod';
import type { DriftResource, TagDrift } from '../drift/compare.ts';
import type { TagWriter } from '../drift/trail.ts';

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const TrailRecord = z.object({
  eventName: z.string(),
  eventSource: z.string(),
  errorCode: z.string().optional(),
  requestParameters: z.unknown(),
  userIdentity: z
    .object({ arn: z.string().optional(), invokedBy: z.string().optional(), principalId: z.string().optional() })
    .optional(),
});
type TrailRecord = z.infer<typeof TrailRecord>;

const recordOf = ({ CloudTrailEvent }: Event): TrailRecord | undefined => {
  try {
    return TrailRecord.safeParse(JSON.parse(CloudTrailEvent ?? '')).data;
  } catch {
    return undefined;
  }
};

/** Does a value in it, or the name of a member of it, fit? Tags come as lists of key and value, and as objects by key. */
const holds = (value: unknown, fits: (text: string) => boolean): boolean => {
  if (typeof value === 'string') return fits(value);
  if (Array.isArray(value)) return value.some((each) => holds(each, fits));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, inner]) => fits(name) || holds(inner, fits));
};

/** Two resources of different services may have one id, so an id counts in calls of the resource's own service only. */
const isAbout = ({ eventSource, requestParameters }: TrailRecord, { arn, id }: DriftResource): boolean => {
  const ofItsService = eventSource.split('.')[0] === arn.split(':')[2];
  const isIt = (text: string) => text === arn || (ofItsService && (text === id || text.endsWith(`/${id}`)));
  return holds(requestParameters, isIt);
};

/** Calls that write the whole tag set: a tag that they do not name is removed by them. */
const rewrites = /^(Put|Delete)BucketTagging$/;

const isWriteOf = (record: TrailRecord, { resource, tag, driftType }: TagDrift): boolean => {
  const { eventName, errorCode, requestParameters } = record;
  if (errorCode !== undefined || !/tag/i.test(eventName) || !isAbout(record, resource)) return false;
  return (rewrites.test(eventName) && driftType === 'removed') || holds(requestParameters, (text) => text === tag);
};

/** The newest of these that wrote the tag. */
export const newestWriter = (events: readonly Event[], drift: TagDrift): TagWriter | undefined => {
  let newest: TagWriter | undefined;
  for (const event of events) {
    const record = recordOf(event);
    const at = event.EventTime?.toISOString();
    if (record === undefined || at === undefined || !isWriteOf(record, drift)) continue;
    const { arn, invokedBy, principalId } = record.userIdentity ?? {};
    const by = arn ?? event.Username ?? invokedBy ?? principalId ?? null;
    if (newest === undefined || at > newest.at) newest = { at, by };
  }
  return newest;
};
