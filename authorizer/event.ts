/** What API Gateway asks, payload format 2.0, as far as a decision needs it. */
import { z } from 'zod';
import { Refusal } from './refusal.ts';

const Event = z.object({
  version: z.literal('2.0'),
  routeKey: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
});

export interface AuthorizerRequest {
  /** `POST /mcp/execute-tool`. */
  readonly routeKey: string;
  /** By name in lower case. A header that was sent twice has both values, with a comma between. */
  readonly headers: ReadonlyMap<string, string>;
}

/** @throws Refusal when it is no such event, or two of its headers differ in case alone */
export const readEvent = (event: unknown): AuthorizerRequest => {
  const { success, data } = Event.safeParse(event);
  if (!success) throw new Refusal('malformed_request');
  const entries = Object.entries(data.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const headers = new Map(entries);
  if (headers.size < entries.length) throw new Refusal('malformed_request');
  return { routeKey: data.routeKey, headers };
};
