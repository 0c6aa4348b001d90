/** The audit event of something, with every field that tells where it came from. */
import type { CallerFacts } from '../../../contracts/gateway.ts';
import type { Origin } from '../origin.ts';
import type { AuditEvent } from './record.ts';

type OfOrigin = 'correlationId' | 'callerRequestId' | 'ipAddress' | 'userAgent' | 'origin';

/** What happened. A correlation id of its own stands in place of the request's: that of the grant a token belongs to. */
export type Happened = Omit<AuditEvent, OfOrigin> & { readonly correlationId?: string };

/** The event's own words win; a summary that is no object is kept under a name. */
const withGateway = (summary: AuditEvent['summary'], gateway: CallerFacts): AuditEvent['summary'] => {
  const facts = { gateway: { ...gateway } };
  if (summary === undefined || summary === null) return facts;
  return { ...facts, ...(typeof summary === 'object' && !Array.isArray(summary) ? summary : { value: summary }) };
};

const fieldsOf = (origin: Origin): Pick<AuditEvent, OfOrigin> => {
  const { correlationId } = origin;
  if (origin.kind === 'upkeep') return { correlationId, origin: 'upkeep' };
  const { callerRequestId, ipAddress, userAgent } = origin;
  return {
    correlationId,
    ...(callerRequestId !== undefined && { callerRequestId }),
    ...(ipAddress !== undefined && { ipAddress }),
    ...(userAgent !== undefined && { userAgent }),
  };
};

export const eventFrom = (origin: Origin, happened: Happened): AuditEvent => ({
  ...fieldsOf(origin),
  ...happened,
  ...(origin.kind === 'request' &&
    origin.gateway !== undefined && { summary: withGateway(happened.summary, origin.gateway) }),
});
