/** Who an audit is sent to: people the service knows, and mailboxes and channels that the operator set up. Nobody else. */
import { CountersignError } from '../../../errors.ts';
import type { NoticeChannel, Notify, ReachableRecipient } from '../../../ports/notify.ts';
import { clean } from '../../../untrusted.ts';
import type { AuditTerms } from './schedule.ts';

/** Whoever is told of an audit may read the same on the page. */
export const AUDIT_SCOPE = 'tag:read';

const ways: Readonly<Record<AuditTerms['format'], readonly ('mail' | 'slack')[]>> = {
  email: ['mail'],
  slack: ['slack'],
  both: ['mail', 'slack'],
};
export const waysOf = (format: AuditTerms['format']): readonly NoticeChannel[] => ways[format];

export interface FoundRecipients {
  readonly reachable: readonly ReachableRecipient['recipient'][];
  /** As they are written in the schedule. */
  readonly unreachable: readonly string[];
}

export const findRecipients = async (
  notify: Pick<Notify, 'find'>,
  { recipients, format }: Pick<AuditTerms, 'recipients' | 'format'>,
): Promise<FoundRecipients> => {
  const found = await Promise.all(
    recipients.map(async (written) => {
      const reached = await notify.find(written, AUDIT_SCOPE);
      const isReached = reached?.channels.some((channel) => waysOf(format).includes(channel)) ?? false;
      return { written, recipient: isReached ? reached?.recipient : undefined };
    }),
  );
  return {
    reachable: found.flatMap(({ recipient }) => recipient ?? []),
    unreachable: found.flatMap(({ recipient, written }) => (recipient === undefined ? [written] : [])),
  };
};

/** @throws invalid_input naming each recipient who cannot be told so */
export const checkRecipients = async (
  notify: Pick<Notify, 'find'>,
  terms: Pick<AuditTerms, 'recipients' | 'format'>,
): Promise<void> => {
  const { unreachable } = await findRecipients(notify, terms);
  if (unreachable.length === 0) return;
  const named = unreachable.map((each) => clean(each, 100)).join(', ');
  throw new CountersignError(
    'invalid_input',
    `recipients: ${named} cannot be told by ${waysOf(terms.format).join(' or ')}. Name people who signed in here and may read reports, or a mailbox or Slack channel (#name) that the operator wrote into NOTICE_CHANNELS with reads: ["tag:read"].`,
  );
};
