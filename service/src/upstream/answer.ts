/** What a pack gets of an answer, and how an answer counts. */
import type { CountersignError } from '../errors.ts';
import type { Judgement, UpstreamAnswer } from '../ports/upstream.ts';
import { UpstreamFault } from './fault.ts';
import { saidAbout } from './hidden.ts';
import { toldAs } from './told.ts';
import type { WireAnswer } from './transport.ts';

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // No shape takes it.
    return undefined;
  }
};

/** @param secrets values that the call was sent with */
export const upstreamAnswer = (service: string, { status, headers, body }: WireAnswer, secrets: readonly string[]) => {
  const text = new TextDecoder().decode(body);
  const refusal = (): CountersignError =>
    toldAs(
      service,
      new UpstreamFault({
        failure: `http_${status}`,
        sent: 'yes',
        outcome: 'refused',
        status,
        said: saidAbout(text, secrets),
      }),
    );
  const answer: UpstreamAnswer = {
    status,
    headers,
    text,
    ok: status >= 200 && status < 300,
    refusal,
    json: (schema) => {
      const parsed = schema.safeParse(jsonOf(text));
      if (parsed.success) return parsed.data;
      throw toldAs(service, new UpstreamFault({ failure: 'malformed_answer', sent: 'yes', outcome: 'error', status }));
    },
  };
  return answer;
};

/** RFC 9110 15.6, 15.5.9; RFC 6585 4. 501 and 505 say that the request is one that is never served. */
export const byStatus = ({ status }: Pick<UpstreamAnswer, 'status'>): Judgement => {
  if (status === 429) return { verdict: 'throttled' };
  const failed = status === 408 || (status >= 500 && status !== 501 && status !== 505);
  return { verdict: failed ? 'failed' : 'taken' };
};
