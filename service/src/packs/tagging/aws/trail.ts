/**
 * Who changed a tag, by the event history of CloudTrail: 90 days, one region at a time, one attribute a call, two calls a second.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
import { CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { isGlobal } from '../../../../../contracts/packs/tagging/types/index.ts';
import { CountersignError } from '../../../errors.ts';
import type { TagDrift } from '../drift/compare.ts';
import { attributionKey, type TagWriter, type Trail } from '../drift/trail.ts';
import type { EstateContext, Failure } from '../estate/estate.ts';
import { awsApi } from './api.ts';
import { failureOf, member } from './failure.ts';
import { createPace, type Pace } from './pace.ts';
import { inParallel } from './parallel.ts';
import { type AwsParts, globalRegion, newShared, type Place, placeAt } from './place.ts';
import { newestWriter } from './trail-events.ts';
import { wait } from './wait.ts';

const PLACES_AT_ONCE = 8;
const PAGE = 50;
/** Pages of one look-up. The newest come first, so what is beyond them is older than 200 other events of the resource. */
const MOST_PAGES = 4;
// No burst: three calls in one second are one too many.
const lookups = { perSecond: 2, burst: 1 };

const cloudTrailApi = awsApi('cloudtrail', (config) => new CloudTrailClient(config));

type Attribute = 'ResourceName' | 'EventName';

interface Lookup {
  readonly place: Place;
  readonly pace: Pace;
  readonly since: Date;
}

const eventsOf = async ({ place, pace, since }: Lookup, key: Attribute, value: string): Promise<Event[]> => {
  const found: Event[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    await pace(place);
    const asked = { LookupAttributes: [{ AttributeKey: key, AttributeValue: value }], StartTime: since };
    const answer = await place.send(cloudTrailApi, (client, options) =>
      client.send(new LookupEventsCommand({ ...asked, MaxResults: PAGE, NextToken }), options),
    );
    found.push(...member('cloudtrail', 'Events', answer.Events));
    NextToken = answer.NextToken;
    if (NextToken === undefined || NextToken === '') break;
  }
  return found;
};

/** Notes writers as they are found, and knows what is still open. */
const openFindings = (drifts: readonly TagDrift[]) => {
  const writers = new Map<string, TagWriter>();
  const open = () => drifts.filter((drift) => !writers.has(attributionKey(drift)));
  return {
    writers,
    open,
    note: (events: readonly Event[]) => {
      for (const drift of open()) {
        const writer = newestWriter(events, drift);
        if (writer) writers.set(attributionKey(drift), writer);
      }
    },
  };
};

/**
 * The services' records name a resource by its id or by its ARN. What neither finds is looked for among calls of the tagging API,
 * which are recorded under the names of no resource.
 */
const lookUp = async (lookup: Lookup, { note, open }: ReturnType<typeof openFindings>): Promise<void> => {
  for (const nameOf of [({ id }: TagDrift['resource']) => id, ({ arn }: TagDrift['resource']) => arn])
    for (const name of new Set(open().map(({ resource }) => nameOf(resource))))
      note(await eventsOf(lookup, 'ResourceName', name));
  for (const call of ['TagResources', 'UntagResources'])
    if (open().length > 0) note(await eventsOf(lookup, 'EventName', call));
};

/**
 * What belongs to a whole account may be told under a region that is enabled here. Its events are in the one that answers for it.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
 */
const recordedIn = async ({ sessions }: AwsParts, { type, region }: TagDrift['resource']): Promise<string> =>
  isGlobal(type) ? globalRegion((await sessions.own()).partition) : region;

/** @param sleep how the pace waits */
export const createAwsTrail = (parts: AwsParts, now: () => number = Date.now, sleep: typeof wait = wait): Trail => {
  const pace = createPace(now, sleep, lookups);
  return {
    writersOf: async (drifts, since, context) => {
      const failures: Failure[] = [];
      const placeOf = ({ accountId, region, type }: TagDrift['resource']) =>
        isGlobal(type) ? accountId : `${accountId} ${region}`;
      const places = [...Map.groupBy(drifts, ({ resource }) => placeOf(resource)).values()];
      const found = await inParallel(places, PLACES_AT_ONCE, async (own) => {
        const findings = openFindings(own);
        const [first] = own;
        if (first === undefined) return findings.writers;
        const { accountId, region } = first.resource;
        try {
          const recorded = await recordedIn(parts, first.resource);
          const place = await placeAt(parts, accountId, recorded, context.signal, newShared());
          await lookUp({ place, pace, since: new Date(since) }, findings);
        } catch (error) {
          failures.push({ accountId, region, ...failureOf(error, 'cloudtrail', context.signal) });
        }
        // What was found before it failed counts.
        return findings.writers;
      });
      stopIfAborted(context);
      return { writers: new Map(found.flatMap((writers) => [...writers])), failures };
    },
  };
};

const stopIfAborted = ({ signal }: EstateContext): void => {
  if (signal.aborted) throw new CountersignError('cancelled', 'The call was cancelled.', { cause: signal.reason });
};
