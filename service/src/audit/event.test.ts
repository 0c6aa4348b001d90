import type { RequestOrigin } from '../origin.ts';
import { eventFrom } from './event.ts';

const origin: RequestOrigin = { kind: 'request', via: 'rest', correlationId: 'c-1' };
const happened = { userId: 'ana', tool: 't', action: 'read', result: 'success' } as const;

describe('an audit event', () => {
  it('says everything that its origin does, and nothing that it does not', () => {
    expect(eventFrom(origin, happened)).toStrictEqual({ ...happened, correlationId: 'c-1' });
    const known = { callerRequestId: 'theirs', ipAddress: '192.0.2.1', userAgent: 'curl' };
    expect(eventFrom({ ...origin, ...known }, happened)).toStrictEqual({ ...happened, correlationId: 'c-1', ...known });
  });

  it('of upkeep says so, under the id of the request it goes back to', () => {
    expect(eventFrom({ kind: 'upkeep', correlationId: 'c-2' }, happened)).toStrictEqual({
      ...happened,
      correlationId: 'c-2',
      origin: 'upkeep',
    });
  });

  it('may belong to something other than the request: a token to its grant', () => {
    expect(eventFrom(origin, { ...happened, correlationId: 'grant' })).toMatchObject({ correlationId: 'grant' });
  });

  it.each([
    [undefined, {}],
    [null, {}],
    [
      { a: 1, gateway: 'own' },
      { a: 1, gateway: 'own' },
    ],
    [[1], { value: [1] }],
    ['text', { value: 'text' }],
  ])('carries the gateway’s word beside its own summary %j, which wins', (summary, kept) => {
    const gateway = { agency: 'north' };
    const event = eventFrom({ ...origin, gateway }, { ...happened, ...(summary !== undefined && { summary }) });
    expect(event.summary).toEqual({ gateway, ...kept });
  });
});
