/** Metrics of CloudWatch as rows of whole periods. */
import { type CloudWatchClient, type MetricDataQuery, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';

type Values = ReadonlyMap<number, number>;

export interface Row {
  readonly at: Date;
  /** By the Id of its query; undefined where CloudWatch reports nothing. */
  readonly value: (id: string) => number | undefined;
}

const read = async (
  client: CloudWatchClient,
  MetricDataQueries: MetricDataQuery[],
  StartTime: Date,
  EndTime: Date,
): Promise<ReadonlyMap<string, Values>> => {
  const found = new Map<string, Map<number, number>>();
  const asked = { StartTime, EndTime, MetricDataQueries, ScanBy: 'TimestampAscending' } as const;
  for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, asked))
    for (const { Id = '', Timestamps = [], Values: values = [] } of MetricDataResults) {
      const known = found.get(Id) ?? new Map<number, number>();
      found.set(Id, known);
      for (const [index, at] of Timestamps.entries()) {
        const value = values[index];
        if (typeof value === 'number' && Number.isFinite(value)) known.set(at.getTime(), value);
      }
    }
  return found;
};

/** @param period seconds. CloudWatch's own minutes: one that began before `from` has calls of before in it. */
export const readRows = async (
  client: CloudWatchClient,
  queries: MetricDataQuery[],
  period: number,
  from: Date,
  to: Date,
): Promise<readonly Row[]> => {
  const step = period * 1000;
  const begin = Math.ceil(from.getTime() / step) * step;
  const end = Math.floor(to.getTime() / step) * step;
  if (end <= begin) return [];
  const values = await read(client, queries, new Date(begin), new Date(end));
  return Array.from({ length: (end - begin) / step }, (_, index) => begin + index * step).map((at) => ({
    at: new Date(at),
    value: (id) => values.get(id)?.get(at),
  }));
};
