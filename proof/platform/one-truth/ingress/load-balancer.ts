/** A load balancer's HTTPS listener, its rules as the stack wrote them. */
import { z } from 'zod';
import { type Referred, referenceIn, type Stack } from '../stack.ts';
import { type Asked, answer, forwarded, type Hop, matches } from './hop.ts';

const Condition = z.strictObject({
  path_pattern: z.strictObject({ values: z.array(z.string()) }).optional(),
  http_header: z.strictObject({ http_header_name: z.string(), values: z.array(z.string()) }).optional(),
});
const Action = z.object({
  target_group_arn: z.string().optional(),
  forward: z.object({ target_group: z.array(z.object({ arn: z.string(), weight: z.number() })) }).optional(),
});
const Rule = z.object({ priority: z.number(), condition: z.array(Condition), action: z.array(z.unknown()) });
const Fixed = z.object({ fixed_response: z.object({ status_code: z.string(), message_body: z.string() }) });

const holds = ({ path_pattern, http_header }: z.infer<typeof Condition>, { path, headers }: Asked): boolean => {
  const given = String(headers[http_header?.http_header_name.toLowerCase() ?? ''] ?? '');
  return (
    (path_pattern === undefined || path_pattern.values.some((pattern) => matches(pattern, path))) &&
    (http_header === undefined || http_header.values.some((value) => matches(value, given)))
  );
};

const targetOf = (action: unknown): string => {
  const { target_group_arn, forward } = Action.parse(action);
  const heaviest = forward?.target_group.toSorted((a, b) => b.weight - a.weight)[0]?.arn;
  return referenceIn(target_group_arn ?? heaviest).name;
};

/** @param targets origins of what registered, by name of the target group's block */
export const listenerHop = (stack: Stack, listener: Referred, targets: ReadonlyMap<string, string>): Hop => {
  const rules = stack
    .all('aws_lb_listener_rule')
    .filter(([, rule]) => referenceIn(rule.listener_arn).name === listener.name)
    .map(([, { action, condition, priority }]) =>
      // Target groups are known by name, not by an ARN that nobody made.
      Rule.parse({ priority, condition: stack.evaluate(condition), action }),
    )
    .sort((a, b) => a.priority - b.priority);
  const [fallback] = z.array(Fixed).parse(listener.block.default_action);
  return async (asked) => {
    const rule = rules.find(({ condition }) => condition.every((each) => holds(each, asked)));
    if (rule === undefined)
      return answer(Number(fallback?.fixed_response.status_code), fallback?.fixed_response.message_body ?? '');
    const origin = targets.get(targetOf(rule.action[0]));
    if (origin === undefined) return answer(503, 'Service Temporarily Unavailable');
    const headers = { ...forwarded(asked), 'x-forwarded-proto': 'https', 'x-forwarded-port': '443' };
    return { kind: 'pass', origin, headers, renames: false };
  };
};
