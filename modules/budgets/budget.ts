/** A monthly budget, and who is told when it is used up or will be. */
import { BudgetsBudget, type BudgetsBudgetNotification } from '@cdktf/provider-aws/lib/budgets-budget/index.js';
import { Construct } from 'constructs';

export interface BudgetProps {
  readonly name: string;
  /** USD a month. */
  readonly limit: number;
  /** Shares of it at which the topic is told, in percent. 100 % forecast is told too. */
  readonly percents: readonly number[];
  readonly topicArn: string;
  /**
   * Cost allocation tags whose costs count. They must be activated for billing, or nothing counts and nobody is ever
   * told. Default: the whole account.
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export class Budget extends Construct {
  constructor(scope: Construct, id: string, { name, limit, percents, topicArn, tags = {} }: BudgetProps) {
    super(scope, id);
    const tell = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number): BudgetsBudgetNotification => ({
      notificationType,
      threshold,
      thresholdType: 'PERCENTAGE',
      comparisonOperator: 'GREATER_THAN',
      subscriberSnsTopicArns: [topicArn],
    });
    const values = Object.entries(tags).map(([key, value]) => `user:${key}$${value}`);
    new BudgetsBudget(this, 'budget', {
      name,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      limitAmount: String(limit),
      limitUnit: 'USD',
      ...(values.length > 0 && { costFilter: [{ name: 'TagKeyValue', values }] }),
      notification: [...percents.map((percent) => tell('ACTUAL', percent)), tell('FORECASTED', 100)],
    });
  }
}
