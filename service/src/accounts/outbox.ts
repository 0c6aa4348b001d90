/** The way out of account access: what people are told of a step is written in the step's own transaction. */
import type { Together } from '../audit/port.ts';

/** What there is to tell, by ids only. Who is told, and in which words, is found out when it is sent. */
export type AccessNews =
  | {
      readonly news: 'requested' | 'approved' | 'rejected' | 'request-expired';
      readonly requestId: string;
      /** Of one that was just asked for: until when it may be decided. */
      readonly expiresAt?: string | undefined;
    }
  | { readonly news: 'revoked'; readonly userId: string; readonly accountKey: string; readonly endedAt: string }
  /** Of all accounts that were approved for one person until the same moment: one decision gave them. */
  | { readonly news: 'ending' | 'ended'; readonly userId: string; readonly expiresAt: string };

export interface AccessOutbox {
  /** The writes that have people told: there if and only if the transaction is. Impossible where it was told already. */
  of(news: AccessNews): Together;
  /** Has people told of what no transaction is about. Once, however often it is called. */
  tell(news: AccessNews): Promise<void>;
  /** Has them told soon. Called when the transaction holds. */
  wake(): void;
}

const nothing: Together = { writes: [], possible: async () => true };

/** For a service that has nobody to tell anything: no channel is configured. */
export const noAccessOutbox: AccessOutbox = { of: () => nothing, tell: async () => {}, wake: () => {} };
