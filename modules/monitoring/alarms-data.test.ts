import { type AlarmSpec, alarmName } from './alarm.ts';
import { archiveAlarms, cacheAlarms, databaseAlarms, queueAlarms, tableAlarms } from './alarms-data.ts';

const byName = (alarms: readonly AlarmSpec[]) => Object.fromEntries(alarms.map((alarm) => [alarmName(alarm), alarm]));

it('a database sounds at over 80 connections in 5 minutes, and before its storage ends', () => {
  const watch = { identifier: 'tagging-mcp-db', connections: 80, gigabytes: 20 };
  const alarms = byName(databaseAlarms({ ...watch, stops: false }));
  expect(alarms['db-connections']).toMatchObject({
    threshold: 80,
    period: 300,
    periods: 1,
    sounds: 'above',
    silence: 'wrong',
    watched: { statistic: 'Average', dimensions: { DBInstanceIdentifier: 'tagging-mcp-db' } },
  });
  expect(alarms['db-storage']).toMatchObject({ sounds: 'below', threshold: 2 * 1024 ** 3 });
  expect(byName(databaseAlarms({ ...watch, stops: true }))['db-connections']).toMatchObject({ silence: 'fine' });
});

it('each node of a cache sounds when its memory or its one thread is used up', () => {
  const alarms = byName(cacheAlarms({ '001': 'cache-001', '002': 'cache-002' }));
  expect(Object.keys(alarms)).toEqual(['cache-memory-001', 'cache-cpu-001', 'cache-memory-002', 'cache-cpu-002']);
  expect(alarms['cache-cpu-002']?.watched).toMatchObject({ dimensions: { CacheClusterId: 'cache-002' } });
});

it('a table sounds when it refuses reads or writes', () => {
  expect(
    byName(tableAlarms({ operations: 'marketing-mcp-operations' }))['table-throttles-operations']?.watched,
  ).toMatchObject({
    expression: 'FILL(reads, 0) + FILL(writes, 0)',
    of: {
      reads: { name: 'ReadThrottleEvents', dimensions: { TableName: 'marketing-mcp-operations' } },
      writes: { name: 'WriteThrottleEvents' },
    },
  });
});

it('a queue sounds at its first dead letter, and when work waits for a quarter of an hour', () => {
  const alarms = byName(queueAlarms({ work: { scans: 'app-scans' }, dead: { scans: 'app-scans-dead-letter' } }));
  expect(alarms['dead-letters-scans']).toMatchObject({
    threshold: 0,
    watched: { dimensions: { QueueName: 'app-scans-dead-letter' } },
  });
  expect(alarms['queue-age-scans']).toMatchObject({
    threshold: 900,
    watched: { dimensions: { QueueName: 'app-scans' } },
  });
});

it('the log archive sounds when it is half an hour late', () => {
  expect(byName(archiveAlarms('stream'))['log-archive']).toMatchObject({ threshold: 1800 });
});
