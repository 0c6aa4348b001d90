/**
 * CloudTrail's event history as its API answers: one attribute a look-up, the newest first, fifty a page, two calls a second for
 * each account and region. moto looks up no events.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
import { z } from 'zod';
import { type Answer, awsError, type UpstreamCall } from './edge.ts';

export interface RecordedCall {
  readonly at: string;
  /** ec2.amazonaws.com */
  readonly source: string;
  readonly name: string;
  readonly by: string;
  /** Names under which it can be looked up. */
  readonly resources: readonly string[];
  readonly parameters: unknown;
  readonly region: string;
  readonly errorCode?: string;
}

const Asked = z.object({
  LookupAttributes: z.array(z.object({ AttributeKey: z.string(), AttributeValue: z.string() })).length(1),
  StartTime: z.number(),
  MaxResults: z.number().max(50),
  NextToken: z.string().optional(),
});

const eventOf = (call: RecordedCall, at: number) => ({
  EventId: `event-${at}`,
  EventName: call.name,
  EventSource: call.source,
  EventTime: Date.parse(call.at) / 1000,
  Resources: call.resources.map((ResourceName) => ({ ResourceName })),
  CloudTrailEvent: JSON.stringify({
    eventName: call.name,
    eventSource: call.source,
    eventTime: call.at,
    requestParameters: call.parameters,
    userIdentity: { type: 'AssumedRole', arn: call.by },
    ...(call.errorCode === undefined ? {} : { errorCode: call.errorCode }),
  }),
});

/** @param now milliseconds of the clock by which it counts calls */
export const trailStandIn = (recorded: readonly RecordedCall[], now: () => number) => {
  const calls = new Map<string, number[]>();
  return (call: UpstreamCall): Answer => {
    const place = `${call.accessKeyId} ${call.region}`;
    const lately = (calls.get(place) ?? []).filter((at) => at > now() - 1000);
    calls.set(place, [...lately, now()]);
    if (lately.length >= 2) return awsError(400, 'ThrottlingException');
    const { LookupAttributes, StartTime, MaxResults, NextToken = '0' } = Asked.parse(JSON.parse(call.body));
    const [attribute] = LookupAttributes;
    const fits = ({ resources, name }: RecordedCall) =>
      attribute?.AttributeKey === 'EventName'
        ? name === attribute.AttributeValue
        : resources.includes(attribute?.AttributeValue ?? '');
    const found = recorded
      .filter((each) => each.region === call.region && fits(each) && Date.parse(each.at) / 1000 >= StartTime)
      .sort((a, b) => (a.at < b.at ? 1 : -1));
    const from = Number(NextToken);
    const page = found.slice(from, from + MaxResults);
    const next = from + page.length < found.length ? { NextToken: String(from + page.length) } : {};
    return { status: 200, json: { Events: page.map((each, at) => eventOf(each, from + at)), ...next } };
  };
};
