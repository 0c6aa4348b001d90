/** What is known of an alarm before it is set off: whether it would reach anybody. */
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Receiver } from './receivers.ts';

/** reached: somebody got the message. unheard: nobody did. alone: the alarm was left as it is, with the reason. */
export type Verdict = 'reached' | 'unheard' | 'alone' | 'silent' | 'to be set off';

export interface Tried {
  readonly region: string;
  readonly alarm: string;
  readonly verdict: Verdict;
  readonly says: string;
}

const isTopic = (arn: string): boolean => arn.split(':')[2] === 'sns';

export const topicName = (arn: string): string => arn.split(':').at(-1) ?? arn;

/** Undefined: it can be set off. */
export const reasonAgainst = (alarm: MetricAlarm, left: boolean): Pick<Tried, 'verdict' | 'says'> | undefined => {
  const { AlarmActions = [], ActionsEnabled = true, StateValue } = alarm;
  if (AlarmActions.length === 0) return { verdict: 'unheard', says: 'tells nobody: it has no action' };
  if (!ActionsEnabled) return { verdict: 'unheard', says: 'tells nobody: its actions are switched off' };
  const more = AlarmActions.filter((arn) => !isTopic(arn));
  if (more.length > 0) return { verdict: 'alone', says: `does more than tell, and was left alone: ${more.join(', ')}` };
  if (StateValue === 'ALARM' && !left) return { verdict: 'alone', says: 'sounds already, and was left alone' };
  return undefined;
};

const named = (receivers: readonly Receiver[]): string =>
  receivers.map(({ protocol, place }) => `${protocol} ${place}`).join(', ');

/** Receivers of an alarm's topics, and those that have not confirmed yet. */
export const heardBy = (receivers: readonly Receiver[]): Pick<Tried, 'verdict' | 'says'> => {
  const [hear, wait] = [receivers.filter((each) => each.confirmed), receivers.filter((each) => !each.confirmed)];
  const unconfirmed = wait.length === 0 ? '' : `; not confirmed: ${named(wait)}`;
  if (hear.length === 0)
    return {
      verdict: 'unheard',
      says: `its topic has no receiver that confirmed${unconfirmed}: give one, or follow the link in its mail`,
    };
  return { verdict: 'reached', says: `${named(hear)}${unconfirmed}` };
};
