/** What messages are made from. */

import type { NoticeTopic } from '../../../contracts/notices.ts';
import type { AccountAccess } from '../accounts/access.ts';
import type { AuditEvent } from '../audit/record.ts';
import type { Directory } from '../auth/directory.ts';
import type { Pipeline } from '../operations/pipeline.ts';
import type { Reader } from './readers.ts';
import type { Telling } from './telling.ts';

export interface ComposeParts {
  readonly access: Pick<AccountAccess, 'look' | 'approvalsOf' | 'authority' | 'refusalOfOwn'>;
  readonly pipeline: Pick<Pipeline, 'seenBy' | 'sight' | 'integrity'>;
  readonly directory: Directory;
  readonly publicUrl: string;
  /** Setting TIME_ZONE. */
  readonly zone: string;
  readonly approvalHours: number;
  /** Setting APPROVE_WITHOUT_EMAIL. */
  readonly approveWithoutEmail: boolean;
  readonly now: () => Date;
}

export interface Composed {
  readonly telling: Telling;
  /** What the reader must have chosen to be told it: one of these. */
  readonly topics: readonly NoticeTopic[];
  /** Tool of the operation it is about. */
  readonly tool?: string;
  /** Whom and what it concerns, for its record in the audit log. Absent: nobody in particular. */
  readonly concerns?: Pick<AuditEvent, 'operationId' | 'accountId'> & { readonly personId: string };
}

/** Undefined where there is nothing to tell this reader. */
export type Compose = (reader: Reader) => Promise<Composed | undefined>;
