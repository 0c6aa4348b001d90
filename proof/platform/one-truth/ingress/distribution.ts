/** A CloudFront distribution: which path goes to which origin, and what is told it. */
import { z } from 'zod';
import type { Block, Stack } from '../stack.ts';
import { answer, forwarded, type Hop, matches } from './hop.ts';

const Behaviour = z.object({
  path_pattern: z.string().optional(),
  target_origin_id: z.string(),
  origin_request_policy_id: z.string(),
  allowed_methods: z.array(z.string()),
});
const Origin = z.object({
  origin_id: z.string(),
  domain_name: z.string(),
  custom_header: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
});
const Distribution = z.object({
  aliases: z.array(z.string()),
  ordered_cache_behavior: z.array(Behaviour).default([]),
  default_cache_behavior: Behaviour,
  origin: z.array(Origin),
});

/** AWS’s own policies, and whether the origin is told the name that the viewer asked for. */
const keepsHost: Readonly<Record<string, boolean>> = {
  '216adef6-5c7f-47e4-b989-5492eafa07d3': true, // AllViewer
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': false, // AllViewerExceptHostHeader
};
/** One of CloudFront's. */
export const edgeAddress = '130.176.0.1';

/** @param follow what is found under an origin's name */
export const distributionHop = (stack: Stack, block: Block, follow: (host: string) => Hop): Hop => {
  const { origin, aliases, ordered_cache_behavior } = block;
  const parsed = Distribution.parse({
    aliases,
    ordered_cache_behavior,
    default_cache_behavior: block.default_cache_behavior,
    origin: stack.evaluate(z.array(Origin).parse(origin)),
  });
  return async (asked) => {
    if (!parsed.aliases.includes(asked.host)) return answer(403, '{"error":"no such alias"}');
    const behaviour =
      parsed.ordered_cache_behavior.find(({ path_pattern = '' }) => matches(path_pattern, asked.path)) ??
      parsed.default_cache_behavior;
    if (!behaviour.allowed_methods.includes(asked.method)) return answer(403, '{"error":"method"}');
    const to = parsed.origin.find(({ origin_id }) => origin_id === behaviour.target_origin_id);
    const keeps = keepsHost[behaviour.origin_request_policy_id];
    if (to === undefined || keeps === undefined) throw new Error(`nothing is known of ${JSON.stringify(behaviour)}`);
    const headers = {
      ...forwarded(asked),
      ...Object.fromEntries(to.custom_header.map(({ name, value }) => [name.toLowerCase(), value])),
      ...(!keeps && { host: to.domain_name }),
    };
    return follow(to.domain_name)({ ...asked, host: to.domain_name, headers, from: edgeAddress });
  };
};
