/** Asks Cost Explorer what a review has to know. */
import type { RegionEstimate } from '../../cost/estimate.ts';
import { dayOf } from '../days.ts';
import type { Operated } from '../operated.ts';
import { costExplorer, type Forecast, forecastOf, spentIn } from './explorer.ts';
import { type Review, reviewOf } from './review.ts';
import { windowOf } from './window.ts';

/**
 * Costs are global: the estimates of all regions stand beside one answer.
 * @param end the first day that is not reviewed
 */
export const reviewed = async (
  { environment: name, settings }: Pick<Operated, 'environment' | 'settings'>,
  estimates: readonly RegionEstimate[],
  { end, now }: { readonly end: string; readonly now: Date },
): Promise<Review> => {
  const [window, today] = [windowOf(end), dayOf(now)];
  const client = costExplorer();
  const answer = await spentIn(client, window.asked, settings);
  const rest = { start: today, end: window.month.end };
  const forecast: Forecast =
    rest.start < rest.end ? await forecastOf(client, rest, settings) : { why: 'The month is over' };
  return reviewOf({ name, settings, window, today, answer, forecast, estimates });
};
