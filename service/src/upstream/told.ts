/** Turns what went wrong into the error that a caller reads. */
import { CountersignError, type ErrorCode } from '../errors.ts';
import type { UpstreamFault } from './fault.ts';

type Words = (service: string, fault: UpstreamFault) => readonly [ErrorCode, string];

const words: Readonly<Record<string, Words>> = {
  throttled: (service, { parts: { retryAfterSeconds: wait } }) => [
    'throttled',
    `${service} asks to be called less${wait === undefined ? '. Try again later' : `: try again in ${wait} s`}.`,
  ],
  too_many_waiting: (service) => ['throttled', `Too many calls wait for ${service}. Try again later.`],
  timeout: (service) => ['timeout', `${service} did not answer in time. Try again later.`],
  cancelled: () => ['cancelled', 'The call was cancelled.'],
  breaker_open: (service) => [
    'upstream_error',
    `${service} failed several times in a row and is not called for a while. Try again later.`,
  ],
  answer_too_large: (service) => ['upstream_error', `${service} answered with more bytes than are read.`],
  redirected: (service) => ['upstream_error', `${service} answered with a redirect that is not followed.`],
  reported_failure: (service) => ['upstream_error', `${service} answered that it failed. Try again later.`],
  malformed_answer: (service) => ['upstream_error', `${service} answered something that cannot be read.`],
};

const otherwise: Words = (service, { parts: { failure, status } }) => [
  'upstream_error',
  status === undefined
    ? `The call of ${service} failed (${failure}). Try again later.`
    : `${service} answered HTTP ${status}.`,
];

/** Details are in the words of results: an agent reads them. */
export const toldAs = (service: string, fault: UpstreamFault): CountersignError => {
  const { failure, sent, status, retryAfterSeconds, said } = fault.parts;
  const [code, message] = (words[failure] ?? otherwise)(service, fault);
  return new CountersignError(code, message, {
    details: {
      upstream: service,
      failure,
      sent,
      ...(status !== undefined && { status }),
      ...(retryAfterSeconds !== undefined && { retry_after_seconds: retryAfterSeconds }),
      ...(said !== undefined && said !== '' && { said, untrusted_text: ['details.said'] }),
    },
  });
};
