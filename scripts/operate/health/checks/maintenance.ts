/** Whether maintenance is on, which no state and no plan tells. */
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { listenerPriorities } from '../../../../contracts/preview.ts';
import { type Found, findRule } from '../../maintenance/rule.ts';
import { attention, broken, type Check, type Judgement, ok } from '../check.ts';
import { findLoadBalancer } from '../front.ts';

const off = 'npm run maintenance -- --environment <name> off';
const subject = `rule ${listenerPriorities.maintenance}`;

export const judgeMaintenance = ({ rule, page }: Found, now: Date): Judgement => {
  if (rule === undefined) return ok(subject, 'is not there: maintenance is off');
  if (page === undefined)
    return attention(subject, `is not ours, and answers before the service does: ${rule.RuleArn}`);
  if (page.until === undefined)
    return attention(subject, `answers every call with 503, until somebody ends it: ${off}`);
  const until = page.until.toISOString();
  return page.until > now
    ? attention(subject, `answers every call with 503, until ${until}: ${off}`)
    : broken(subject, `answers every call with 503, which was to end at ${until}: ${off}`);
};

export const maintenance: Check = {
  name: 'maintenance',
  applies: ({ shape }) => shape.loadBalancer,
  look: async (around) => {
    const arn = (await findLoadBalancer(around))?.LoadBalancerArn;
    const found = arn === undefined ? undefined : await findRule(around.client(ElasticLoadBalancingV2Client), arn);
    // Without a rule that serves, the checks of names and targets say what is missing.
    return found === undefined ? [] : [judgeMaintenance(found, around.now)];
  },
};
