/** A request as an HTTP API hands it to a function, payload format 2.0, made into one that the application trusts. */
import { z } from 'zod';
import {
  callerFacts,
  callerHeaders,
  encodeFact,
  gatewayHeaders,
  originVerifyHeader,
} from '../../../contracts/gateway.ts';

/** As far as it is looked at; the rest is passed on. */
export const HttpApiEvent = z.looseObject({
  version: z.literal('2.0'),
  rawPath: z.string(),
  rawQueryString: z.string().default(''),
  headers: z.record(z.string(), z.string()).default({}),
  cookies: z.array(z.string()).optional(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.looseObject({
    http: z.looseObject({ method: z.string(), sourceIp: z.string() }),
    authorizer: z.looseObject({ lambda: z.record(z.string(), z.unknown()).nullish() }).optional(),
  }),
});
export type HttpApiEvent = z.infer<typeof HttpApiEvent>;

export interface Ingress {
  /** Origin that people type. */
  readonly publicUrl: string;
  /** It was CloudFront that called the API, as its secret showed. */
  readonly throughCloudFront: boolean;
}

/**
 * The API's own caller, or the one CloudFront named. Each of the two appends who called it to X-Forwarded-For, so
 * what stands before that is what the client wrote.
 */
const clientAddress = ({ headers, requestContext }: HttpApiEvent, { throughCloudFront }: Ingress): string => {
  const { sourceIp } = requestContext.http;
  if (!throughCloudFront) return sourceIp;
  const hops = (headers['x-forwarded-for'] ?? '').split(',').map((hop) => hop.trim());
  if (hops.at(-1) === sourceIp) hops.pop();
  return hops.at(-1) || sourceIp;
};

/** What the authorizer said, under the names that a request through a VPC link would have; nothing that a client sent. */
const headersOf = (event: HttpApiEvent, { publicUrl }: Ingress): Record<string, string> => {
  const dropped = new Set([...gatewayHeaders, originVerifyHeader, 'x-forwarded-for', 'forwarded']);
  const kept = Object.entries(event.headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !dropped.has(name));
  const told = event.requestContext.authorizer?.lambda ?? {};
  const facts = callerFacts
    .map((fact) => [fact, Object.hasOwn(told, fact) ? told[fact] : undefined] as const)
    .filter((pair): pair is [(typeof callerFacts)[number], string] => typeof pair[1] === 'string');
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(facts.map(([fact, value]) => [callerHeaders[fact], value || encodeFact(undefined)])),
    // The API answers to its own names alone, and behind CloudFront that is not the name people type.
    host: new URL(publicUrl).host,
  };
};

/** The event with its whole URL in one place, its headers and its client's address as they may be relied on. */
export const trusted = (event: HttpApiEvent, ingress: Ingress): HttpApiEvent => {
  const { requestContext, rawQueryString } = event;
  const path = event.rawPath.replaceAll('?', '%3F').replaceAll('#', '%23');
  const { queryStringParameters: _lossy, ...rest } = event;
  return {
    ...rest,
    // Taken apart and joined with commas, a query would lose what OAuth's redirect URIs may hold.
    rawPath: rawQueryString === '' ? path : `${path}?${rawQueryString}`,
    headers: headersOf(event, ingress),
    requestContext: {
      ...requestContext,
      http: { ...requestContext.http, sourceIp: clientAddress(event, ingress) },
    },
  };
};
