/** What messages are made from. */
import type { AccountAccess } from '../accounts/access.ts';
import type { Pipeline } from '../operations/pipeline.ts';

export interface ComposeParts {
  readonly access: Pick<AccountAccess, 'look' | 'approvalsOf' | 'authority' | 'refusalOfOwn'>;
  readonly pipeline: Pick<Pipeline, 'seenBy' | 'sight' | 'integrity'>;
  readonly publicUrl: string;
  /** Setting TIME_ZONE. */
  readonly zone: string;
  readonly approvalHours: number;
  /** Setting APPROVE_WITHOUT_EMAIL. */
  readonly approveWithoutEmail: boolean;
  readonly now: () => Date;
}
