/**
 * Sends mail by SES. SendEmail has no idempotency token, so the SDK tries once and the queue decides about another.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { Metrics } from '../ports/metrics.ts';
import type { NoticeSender, SendOutcome } from '../ports/notify.ts';
import { observeUpstream, type UpstreamOutcome } from '../ports/upstream-calls.ts';

export interface MailParts {
  /** The only sender that the role may name. */
  readonly from: string;
  /** Its suppression list keeps addresses that bounced or complained from being sent to again. */
  readonly configurationSet?: string | undefined;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly metrics: Metrics;
}

export interface MailSender {
  readonly send: NoticeSender<'mail'>;
  close(): void;
}

const CONNECT_MS = 3_000;
const TRY_MS = 20_000;
/** SES counts 24 hours back, so that room comes little by little. */
const QUOTA_SECONDS = 3_600;

// One address, in which nothing ends a header or begins another one.
const oneAddress = /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]{1,255}$/;

const retry = (because: string, afterSeconds?: number): SendOutcome => ({
  outcome: 'retry',
  because,
  ...(afterSeconds !== undefined && { afterSeconds }),
});

const byName: Readonly<Record<string, (message: string) => SendOutcome>> = {
  TooManyRequestsException: (message) =>
    /daily/i.test(message)
      ? retry('the quota of SES for 24 hours is used up', QUOTA_SECONDS)
      : retry('SES is called too often', 2),
  LimitExceededException: () => retry('a quota of SES is used up', QUOTA_SECONDS),
  AccountSuspendedException: () => retry('SES has suspended sending for the account'),
  SendingPausedException: () => retry('sending is paused for the account or the configuration set'),
  MailFromDomainNotVerifiedException: () => retry('the domain of MAIL_FROM is not verified with SES'),
  NotFoundException: () => retry('MAIL_CONFIGURATION_SET is no configuration set of this region'),
  // In the sandbox of SES (200 mails in 24 hours, one a second) receivers are verified as well.
  MessageRejected: (message) =>
    /not verified/i.test(message)
      ? {
          outcome: 'refused',
          because: 'SES does not know the sender or receiver: verify MAIL_FROM, and leave the sandbox of SES',
        }
      : { outcome: 'refused', because: 'SES rejects the message' },
  BadRequestException: () => ({ outcome: 'refused', because: 'SES does not take the message as it is' }),
};

const failed = (error: unknown): SendOutcome => {
  const { name, message } = error instanceof Error ? error : { name: 'unknown', message: '' };
  const known = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (known !== undefined) return known(message);
  return retry(/^AccessDenied/.test(name) ? 'the role may not send by SES' : 'SES did not answer');
};

const counts = (error: unknown): UpstreamOutcome => {
  if (!(error instanceof Error)) return 'error';
  if (error.name === 'TooManyRequestsException') return 'throttled';
  return Object.hasOwn(byName, error.name) || /^AccessDenied/.test(error.name) ? 'refused' : 'error';
};

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

export const mailSender = ({ from, configurationSet, region, endpoint, metrics }: MailParts): MailSender => {
  const client = new SESv2Client({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: TRY_MS, throwOnRequestTimeout: true },
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
  });
  return {
    close: () => client.destroy(),
    send: async ({ id, body: { subject, text, html } }, { to }, abortSignal) => {
      if (!oneAddress.test(to)) return { outcome: 'refused', because: 'it is not one mail address' };
      const command = new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
        EmailTags: [{ Name: 'notice', Value: id }],
        Content: {
          Simple: {
            Subject: utf8(subject),
            Body: { Text: utf8(text), Html: utf8(html) },
            // RFC 3834: nothing that answers by itself answers this.
            Headers: [{ Name: 'Auto-Submitted', Value: 'auto-generated' }],
          },
        },
      });
      try {
        await observeUpstream(
          metrics,
          { service: 'ses', span: 'aws ses', attributes: { 'rpc.system': 'aws-api', 'rpc.service': 'ses' } },
          () => client.send(command, { abortSignal }),
          { failed: counts },
        );
        return { outcome: 'accepted' };
      } catch (error) {
        return failed(error);
      }
    },
  };
};
