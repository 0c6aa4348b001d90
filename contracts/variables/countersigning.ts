/** Who countersigns, where, and how long a change waits for it. */
import { flag, integer, type VariableContract } from '../variable.ts';

export const countersigningVariables = {
  APPROVAL_HOURS: integer({
    description: 'Hours an operation waits for its countersignature before it expires.',
    default: 72,
    min: 1,
    max: 720,
  }),
  ACCESS_REQUEST_DAYS: integer({
    description: 'Days a request for access to an account waits for its decision before it expires.',
    default: 14,
    min: 1,
    max: 90,
  }),
  CONFIRM_SECONDS: integer({
    description: 'Seconds an operation waits for its own requester’s confirmation.',
    default: 300,
    min: 30,
    max: 3600,
  }),
  APPROVE_ON_PAGE_ONLY: flag({
    description:
      'Countersignatures count only when given on the approvals page, where a person signs in. false: also through a tool or the REST facade, with the approval_hash of the plan.',
    default: true,
  }),
  CONFIRM_BY_TOOL: flag({
    description:
      'Requesters may also confirm their own change through a tool or the REST facade, with the approval_hash of the plan, and not on the approvals page only. For an application that asks the person itself.',
    default: false,
  }),
  WAITING_PER_CLIENT: integer({
    description:
      'Changes that one person may have waiting for an answer through one client. More are refused until some are answered, withdrawn or expired.',
    default: 200,
    min: 1,
    max: 100_000,
  }),
  WAITING_PER_PERSON: integer({
    description: 'Changes that one person may have waiting for an answer through all clients together.',
    default: 500,
    min: 1,
    max: 100_000,
  }),
  DECISIONS_PER_MINUTE: integer({
    description:
      'Answers that one person may give in a minute through tools and the REST facade. Those on the approvals page do not count.',
    default: 3,
    min: 1,
    max: 1000,
  }),
  APPROVE_WITHOUT_EMAIL: flag({
    description:
      'Lets one person approve what another asked for although the identity provider tells no mail address of one of them, by which two subjects of one human are known. Only where nobody has two accounts.',
    default: false,
  }),
} as const satisfies Record<string, VariableContract>;
