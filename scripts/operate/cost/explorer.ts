/**
 * Asks Cost Explorer. Each answered page costs 0.01 USD, so everything is asked in one question.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
 */
import {
  CostExplorerClient,
  type Expression,
  GetCostAndUsageCommand,
  GetCostForecastCommand,
} from '@aws-sdk/client-cost-explorer';
import type { Settings } from '../../../contracts/settings/resolve.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { isFromAws } from '../operated.ts';
import { type Amount, amountOf } from './amount.ts';
import type { Period } from './days.ts';

/** The API has one endpoint for all regions. */
export const costExplorer = (): CostExplorerClient => new CostExplorerClient({ region: 'us-east-1' });

export const USD_A_PAGE = 0.01;

/** What a service cost on a day, under one value of the tag Environment; '' is what has no such tag. */
export interface Spent {
  readonly day: string;
  readonly service: string;
  readonly environment: string;
  readonly amount: Amount;
}

type Whose = Pick<Settings, 'budget_scope' | 'environment' | 'project_name'>;

const project = ({ project_name }: Whose): Expression => ({ Tags: { Key: 'Project', Values: [project_name] } });
const without = (Key: string): Expression => ({ Tags: { Key, MatchOptions: ['ABSENT'] } });

/** With one budget an environment: its project, and what is nobody's. Else all of the account, as its budget counts. */
const filterOf = (whose: Whose): Expression | undefined =>
  whose.budget_scope === 'account'
    ? undefined
    : { Or: [project(whose), { And: [without('Project'), without('Environment')] }] };

const TAG = 'Environment';

/** Cost Explorer writes a tag's value as `Environment$prod`, and `Environment$` where there is none. */
const tagValueOf = (key: string): string => key.slice(key.indexOf('$') + 1);

const usdIn = ({ Amount: text = '0', Unit: unit = 'USD' }: { Amount?: string; Unit?: string }): Amount => {
  const amount = amountOf(text);
  // A day without costs has the unit N/A.
  if (amount !== 0n && unit !== 'USD')
    throw new OperatorProblem(`Cost Explorer answers in ${unit}. Budgets and estimates here are in USD.`);
  return amount;
};

export interface Answer {
  readonly spent: readonly Spent[];
  readonly pages: number;
}

/** @throws OperatorProblem where the account is not billed in USD */
export const spentIn = async (client: CostExplorerClient, period: Period, whose: Whose): Promise<Answer> => {
  const spent: Spent[] = [];
  let pages = 0;
  let NextPageToken: string | undefined;
  do {
    const page = await client.send(
      new GetCostAndUsageCommand({
        TimePeriod: { Start: period.start, End: period.end },
        Granularity: 'DAILY',
        Metrics: ['UnblendedCost'],
        // Two at most.
        GroupBy: [
          { Type: 'DIMENSION', Key: 'SERVICE' },
          { Type: 'TAG', Key: TAG },
        ],
        Filter: filterOf(whose),
        NextPageToken,
      }),
    );
    pages += 1;
    for (const { TimePeriod, Groups = [] } of page.ResultsByTime ?? [])
      for (const { Keys: [service = '', tag = ''] = [], Metrics: { UnblendedCost = {} } = {} } of Groups)
        spent.push({
          day: TimePeriod?.Start ?? '',
          service,
          environment: tagValueOf(tag),
          amount: usdIn(UnblendedCost),
        });
    NextPageToken = page.NextPageToken;
  } while (NextPageToken !== undefined && NextPageToken !== '');
  return { spent, pages };
};

export type Forecast = { readonly amount: Amount } | { readonly why: string };

/**
 * What AWS expects to be spent in the period, which begins today: it forecasts neither the past nor from tomorrow on.
 * @returns why there is none, where AWS has too little history, or does not answer: what was spent stands without it
 */
export const forecastOf = async (client: CostExplorerClient, period: Period, whose: Whose): Promise<Forecast> => {
  const ours: Expression = { And: [project(whose), { Tags: { Key: TAG, Values: [whose.environment] } }] };
  try {
    const { Total = {} } = await client.send(
      new GetCostForecastCommand({
        TimePeriod: { Start: period.start, End: period.end },
        // MONTHLY would be of whole months.
        Granularity: 'DAILY',
        Metric: 'UNBLENDED_COST',
        Filter: whose.budget_scope === 'account' ? undefined : ours,
      }),
    );
    return { amount: usdIn(Total) };
  } catch (error) {
    if (!isFromAws(error)) throw error;
    const known = error.name === 'DataUnavailableException' ? 'it has too little history' : error.name;
    return { why: `AWS answers none: ${known}` };
  }
};
