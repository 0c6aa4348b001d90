/** What clients are answered during maintenance. */
import { UsageProblem } from '../../platform/problem.ts';
import { readMoment } from '../moment.ts';

export interface Page {
  /** For people; a client shows it. */
  readonly message: string;
  /** When it is expected to end; undefined where nobody knows. */
  readonly until?: Date | undefined;
}

/** Distinguishes our answer from another rule's. */
const error = 'maintenance';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html */
const MOST_BYTES = 1024;

export const defaultMessage =
  'This service is closed for maintenance. Nothing you asked for is lost; call again later.';

/** @throws UsageProblem where it is longer than a load balancer takes */
export const bodyOf = ({ message, until }: Page): string => {
  const body = JSON.stringify({ error, message, ...(until && { until: until.toISOString() }) });
  const bytes = Buffer.byteLength(body);
  if (bytes > MOST_BYTES)
    throw new UsageProblem(
      `The answer would be ${bytes} bytes, and a load balancer takes ${MOST_BYTES}: shorten --message by ${bytes - MOST_BYTES} bytes.`,
    );
  return body;
};

/** Undefined: somebody else's answer. */
export const pageOf = (body: string): Page | undefined => {
  try {
    const read: unknown = JSON.parse(body);
    if (typeof read !== 'object' || read === null || !('error' in read) || read.error !== error) return undefined;
    const message = 'message' in read && typeof read.message === 'string' ? read.message : '';
    return { message, ...('until' in read && typeof read.until === 'string' && { until: new Date(read.until) }) };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
};

/** @throws UsageProblem for what is no moment with a zone, or is over */
export const untilOf = (given: string | undefined, now: Date): Date | undefined => {
  if (given === undefined) return undefined;
  const until = readMoment('until', given);
  if (until <= now) throw new UsageProblem(`--until ${given} is over: it is ${now.toISOString()}.`);
  return until;
};
