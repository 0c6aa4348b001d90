import { synthesized } from '../testing/synthesized.ts';
import { Anomaly } from './anomaly.ts';
import { Budget, type BudgetProps } from './budget.ts';

const props: BudgetProps = { name: 'marketing-mcp-monthly', limit: 120, percents: [80, 100], topicArn: 'arn:admin' };
const made = (changes: Partial<BudgetProps> = {}) =>
  synthesized((stack) => new Budget(stack, 'budget', { ...props, ...changes })).one('aws_budgets_budget');

describe('a budget', () => {
  it('tells the admins at 80 and 100 %, and when all of it is forecast', () => {
    const { notification, ...budget } = made();
    expect(budget).toMatchObject({ budget_type: 'COST', limit_amount: '120', limit_unit: 'USD', time_unit: 'MONTHLY' });
    expect(notification).toEqual(
      [
        ['ACTUAL', 80],
        ['ACTUAL', 100],
        ['FORECASTED', 100],
      ].map(([notification_type, threshold]) => ({
        notification_type,
        threshold,
        threshold_type: 'PERCENTAGE',
        comparison_operator: 'GREATER_THAN',
        subscriber_sns_topic_arns: ['arn:admin'],
      })),
    );
  });

  it('counts the whole account, unless tags say whose costs', () => {
    expect(made()).not.toHaveProperty('cost_filter');
    expect(made({ tags: { Project: 'marketing-mcp', Environment: 'dev' } }).cost_filter).toEqual([
      { name: 'TagKeyValue', values: ['user:Project$marketing-mcp', 'user:Environment$dev'] },
    ]);
  });
});

it('unusual spending is told at once', () => {
  const anomaly = synthesized(
    (stack) => new Anomaly(stack, 'anomaly', { name: 'a', impact: 50, topicArn: 'arn:admin' }),
  );
  expect(anomaly.one('aws_ce_anomaly_monitor')).toMatchObject({
    monitor_type: 'DIMENSIONAL',
    monitor_dimension: 'SERVICE',
  });
  expect(anomaly.one('aws_ce_anomaly_subscription')).toMatchObject({
    frequency: 'IMMEDIATE',
    subscriber: [{ type: 'SNS', address: 'arn:admin' }],
    threshold_expression: {
      dimension: { key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE', match_options: ['GREATER_THAN_OR_EQUAL'], values: ['50'] },
    },
  });
});
