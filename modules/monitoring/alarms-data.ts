/** Alarms on where state is kept and work waits: database, cache, tables, queues, the log archive. */
import type { AlarmSpec } from './alarm.ts';
import { aws } from './metric.ts';

const fiveMinutes = 300;
const gibibyte = 1024 ** 3;

export interface DatabaseWatch {
  readonly identifier: string;
  /** Connections, 5-minute average. */
  readonly connections: number;
  /** Its storage at first. */
  readonly gigabytes: number;
  /** It is stopped at times, and tells nothing then. */
  readonly stops: boolean;
}

export const databaseAlarms = ({ identifier, connections, gigabytes, stops }: DatabaseWatch): AlarmSpec[] => {
  const DBInstanceIdentifier = identifier;
  const shared = { topic: 'ops', period: fiveMinutes, periods: 1 } as const;
  return [
    {
      ...shared,
      kind: 'db-connections',
      meaning: `Over ${connections} connections to the database. Count tasks times pool size; a larger class allows more.`,
      watched: aws('AWS/RDS', 'DatabaseConnections', 'Average', { DBInstanceIdentifier }),
      sounds: 'above',
      threshold: connections,
      silence: stops ? 'fine' : 'wrong',
    },
    {
      ...shared,
      kind: 'db-storage',
      meaning: 'Less than a tenth of the database’s storage is free. It grows by itself up to db_max_gb: raise that.',
      watched: aws('AWS/RDS', 'FreeStorageSpace', 'Minimum', { DBInstanceIdentifier }),
      sounds: 'below',
      threshold: (gigabytes * gibibyte) / 10,
      silence: 'fine',
    },
  ];
};

/** @param members ids of the nodes, by name */
export const cacheAlarms = (members: Readonly<Record<string, string>>): AlarmSpec[] =>
  Object.entries(members).flatMap(([name, CacheClusterId]) => {
    const shared = { of: name, topic: 'ops', sounds: 'above', period: fiveMinutes, silence: 'fine' } as const;
    return [
      {
        ...shared,
        kind: 'cache-memory',
        meaning: `Node ${name} of the cache uses over 85 % of its memory: what may be lost is evicted soon. Take a larger node.`,
        watched: aws('AWS/ElastiCache', 'DatabaseMemoryUsagePercentage', 'Average', { CacheClusterId }),
        threshold: 85,
        periods: 2,
      },
      {
        ...shared,
        kind: 'cache-cpu',
        meaning: `The engine of node ${name} of the cache is busy over 90 %. Every rate limit waits for it. Take a larger node.`,
        watched: aws('AWS/ElastiCache', 'EngineCPUUtilization', 'Average', { CacheClusterId }),
        threshold: 90,
        periods: 2,
      },
    ];
  });

/** @param tables names of the tables, by their name in the contract */
export const tableAlarms = (tables: Readonly<Record<string, string>>): AlarmSpec[] =>
  Object.entries(tables).map(([name, TableName]) => ({
    kind: 'table-throttles',
    of: name,
    topic: 'ops',
    meaning: `DynamoDB refuses reads or writes of ${name}. One partition is hot, or traffic doubled within half an hour.`,
    watched: {
      expression: 'FILL(reads, 0) + FILL(writes, 0)',
      of: {
        reads: aws('AWS/DynamoDB', 'ReadThrottleEvents', 'Sum', { TableName }),
        writes: aws('AWS/DynamoDB', 'WriteThrottleEvents', 'Sum', { TableName }),
      },
    },
    sounds: 'above',
    threshold: 0,
    period: fiveMinutes,
    periods: 2,
    silence: 'fine',
  }));

export interface QueuesWatch {
  /** Names of the work queues, by name in the settings. */
  readonly work: Readonly<Record<string, string>>;
  /** Names of their dead-letter queues. */
  readonly dead: Readonly<Record<string, string>>;
}

export const queueAlarms = ({ work, dead }: QueuesWatch): AlarmSpec[] => [
  ...Object.entries(dead).map(
    ([name, QueueName]): AlarmSpec => ({
      kind: 'dead-letters',
      of: name,
      topic: 'ops',
      meaning: `Work of the queue ${name} failed for good and waits in its dead-letter queue. Read it, mend the cause, redrive it.`,
      watched: aws('AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum', { QueueName }),
      sounds: 'above',
      threshold: 0,
      period: fiveMinutes,
      periods: 1,
      silence: 'fine',
    }),
  ),
  ...Object.entries(work).map(
    ([name, QueueName]): AlarmSpec => ({
      kind: 'queue-age',
      of: name,
      topic: 'ops',
      meaning: `Work of the queue ${name} waits for over 15 minutes: nothing takes it, or too slowly. See the tasks' log.`,
      watched: aws('AWS/SQS', 'ApproximateAgeOfOldestMessage', 'Maximum', { QueueName }),
      sounds: 'above',
      threshold: 900,
      period: fiveMinutes,
      periods: 1,
      silence: 'fine',
    }),
  ),
];

export const archiveAlarms = (DeliveryStreamName: string): AlarmSpec[] => [
  {
    kind: 'log-archive',
    topic: 'ops',
    meaning: 'Logs reach the archive over half an hour late. See the delivery stream: its role, its key, the bucket.',
    watched: aws('AWS/Firehose', 'DeliveryToS3.DataFreshness', 'Maximum', { DeliveryStreamName }),
    sounds: 'above',
    threshold: 1800,
    period: fiveMinutes,
    periods: 2,
    silence: 'fine',
  },
];
