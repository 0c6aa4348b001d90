import { synthesized } from '../testing/synthesized.ts';
import { DatabaseEvents } from './database-events.ts';

const made = synthesized(
  (stack) => new DatabaseEvents(stack, 'events', { prefix: 'mcp', database: 'mcp-database', topicArn: 'arn:topic' }),
).all('aws_db_event_subscription');

const of = (kind: string) => Object.values(made).find(({ source_type }) => source_type === kind);

describe('events of a database', () => {
  it('are those of the instance, and no other’s', () => {
    expect(of('db-instance')).toMatchObject({
      name: 'mcp-database-instance',
      sns_topic: 'arn:topic',
      source_ids: ['mcp-database'],
      event_categories: expect.arrayContaining(['maintenance', 'configuration change', 'failure', 'low storage']),
    });
  });

  it.each(['db-parameter-group', 'db-security-group'])('tell of every %s', (kind) => {
    expect(of(kind)?.event_categories).toContain('configuration change');
    expect(of(kind)).not.toHaveProperty('source_ids');
  });
});
