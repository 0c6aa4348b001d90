/** The page of jobs as the service would show it, friendly and hostile. */
import type { JobView } from '../../src/ports/jobs.ts';
import type { JobsProps } from '../../src/web/props.ts';
import { attacks, frame, now } from './fixtures.ts';

const at = (minutes: number): Date => new Date(Date.parse(now) + minutes * 60_000);

const job = (worker: string, status: JobView['status'], over: Partial<JobView> = {}): JobView => ({
  jobId: `job-of-${worker}-${status}`,
  owner: 'tagging',
  worker,
  status,
  payload: { accounts: ['111122223333', '444455556666'] },
  attempts: 1,
  createdAt: at(-30),
  updatedAt: at(-2),
  notBefore: at(5),
  ...over,
});

const shown = (one: JobView, mayDecide = true) => ({ job: one, title: 'Tag governance', mayDecide });

export const jobsProps: JobsProps = {
  ...frame,
  heading: 'Failed, running and waiting',
  jobs: [
    shown(
      job('send-report', 'failed', { attempts: 6, lastError: 'The mail server refused: 421', requestedBy: 'demo|ada' }),
    ),
    shown(job('scan-accounts', 'running', { progress: { done: 120, total: 400, note: 'reading accounts' } })),
    shown(job('send-report', 'waiting', { occurrence: { at: at(-60), skipped: 2 } })),
    shown(job('tidy', 'waiting', { attempts: 0 }), false),
  ],
  older: [{ href: '/jobs?status=failed&pack=tagging&cursor=abc', label: 'Older: Tag governance, failed' }],
  schedules: [
    {
      title: 'Tag governance',
      schedule: {
        name: 'nightly-scan',
        owner: 'tagging',
        worker: 'scan-accounts',
        payload: {},
        cron: '30 2 * * *',
        timeZone: 'Europe/Berlin',
        nextAt: at(300),
        lastAt: at(-1140),
        skipped: 3,
      },
    },
  ],
  choices: ['Open', 'Running', 'Waiting', 'Failed', 'Done', 'Cancelled', 'Superseded'].map((label, index) => ({
    href: index === 0 ? '/jobs' : `/jobs?status=${label.toLowerCase()}`,
    label,
    current: index === 0,
  })),
  notice: 'The job is tried again, as often as a new one.',
};

export const hostileJobsProps: JobsProps = {
  ...jobsProps,
  jobs: [
    shown(
      job('send-report', 'failed', {
        payload: { [attacks.script]: attacks.attribute.repeat(20) },
        lastError: attacks.script + attacks.bidi,
        requestedBy: attacks.attribute,
        progress: { done: 1, note: attacks.script },
      }),
    ),
  ],
};
