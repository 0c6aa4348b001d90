/** Puts what people are told of access to accounts into the queue. Which notices a step gives rise to, and when each is due. */
import type { AccessNews, AccessOutbox } from '../accounts/outbox.ts';
import type { Jobs } from '../ports/jobs.ts';
import { whileItWaits } from './transitions.ts';
import type { NoticeCause } from './work.ts';
import { causeKey, TELL } from './workers.ts';

type AccessCause = Extract<NoticeCause, { of: 'access-request' | 'access' }>;

interface Due {
  readonly cause: AccessCause;
  readonly dueAt: number;
}

export const accessNoticesOf = (news: AccessNews, now: Date): readonly Due[] => {
  const at = now.toISOString();
  const dueAt = now.getTime();
  switch (news.news) {
    case 'requested':
      return whileItWaits(dueAt, news.expiresAt === undefined ? dueAt : Date.parse(news.expiresAt)).map((due) => ({
        cause: { of: 'access-request', notice: due.notice, requestId: news.requestId, at },
        dueAt: due.dueAt,
      }));
    case 'approved':
    case 'rejected':
    case 'request-expired': {
      const notice = news.news === 'request-expired' ? 'expired' : news.news;
      return [{ cause: { of: 'access-request', notice, requestId: news.requestId, at }, dueAt }];
    }
    case 'revoked':
      return [
        {
          cause: {
            of: 'access',
            notice: 'revoked',
            userId: news.userId,
            account: news.accountKey,
            until: news.endedAt,
            at,
          },
          dueAt,
        },
      ];
    case 'ending':
    case 'ended':
      return [{ cause: { of: 'access', notice: news.news, userId: news.userId, until: news.expiresAt, at }, dueAt }];
  }
};

interface Parts {
  readonly jobs: Pick<Jobs, 'plan' | 'wake' | 'get' | 'enqueue'>;
  readonly now: () => Date;
}

export const openAccessOutbox = ({ jobs, now }: Parts): AccessOutbox => {
  const requestsOf = (news: AccessNews) =>
    accessNoticesOf(news, now()).map(({ cause, dueAt }) => ({
      worker: TELL,
      payload: cause,
      key: causeKey(cause),
      notBefore: new Date(dueAt),
    }));
  return {
    of: (news) => {
      const planned = requestsOf(news).map((request) => jobs.plan(request));
      return {
        writes: planned.map(({ write }) => write),
        possible: async () =>
          (await Promise.all(planned.map(({ jobId }) => jobs.get(jobId)))).every((job) => job === undefined),
      };
    },
    tell: async (news) => {
      for (const request of requestsOf(news)) await jobs.enqueue(request);
    },
    wake: () => jobs.wake(),
  };
};
