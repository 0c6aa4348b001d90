import type { AccountAccess } from '../accounts/access.ts';
import type { Audit, ImportedAudit } from '../audit/port.ts';
import type { Auth } from '../auth/auth.ts';
import type { ConnectedAccounts } from '../credentials/index.ts';
import type { OpenAnswers } from '../http/open-answers.ts';
import type { Links } from '../objects/links.ts';
import type { Pipeline } from '../operations/pipeline.ts';
import type { OpenPacks } from '../packs/open.ts';
import type { ObjectEngine } from '../ports/objects.ts';
import type { Sns } from '../ports/sns.ts';
import type { OpenJobs } from './jobs.ts';
import type { OpenNotices } from './notices.ts';
import type { ServedTools } from './tools.ts';

/** The storeys that routes stand on. */
export interface Storeys extends ServedTools {
  readonly audit: Audit;
  readonly imported: ImportedAudit;
  readonly auth: Auth;
  readonly pipeline: Pipeline;
  readonly packs: OpenPacks;
  readonly jobs: OpenJobs;
  readonly notices: Pick<OpenNotices, 'desk' | 'sent'>;
  readonly objects: ObjectEngine;
  /** Of downloads. */
  readonly links: Links;
  readonly access: AccountAccess;
  readonly sns: Sns;
  readonly openAnswers: OpenAnswers;
  /** Absent where nobody connects any. */
  readonly connected: ConnectedAccounts | undefined;
}
