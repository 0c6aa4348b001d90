/** The page of jobs, and the form that cancels one or has it tried again. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { enabled } from '../../../../contracts/packs/index.ts';
import { routes } from '../../../../contracts/routes.ts';
import { eventFrom } from '../../audit/event.ts';
import type { Audit } from '../../audit/port.ts';
import { CountersignError } from '../../errors.ts';
import { ownersSeenBy, type SeenOwner } from '../../jobs/sight.ts';
import type { JobStatus, Jobs, JobView } from '../../ports/jobs.ts';
import { jobsPage } from '../../web/index.ts';
import { hrefWith } from '../../web/links.ts';
import type { JobsProps } from '../../web/props.ts';
import { originOf } from '../origin.ts';
import type { PageSessions } from '../page-sessions.ts';
import { fieldsOf } from '../page-sessions.ts';
import { forPeople, forTheirForm, type Visitor } from './visitor.ts';

export interface JobPageParts {
  readonly pages: PageSessions;
  /** Names of the enabled packs. */
  readonly packs: readonly string[];
  /** The port of an owner. */
  readonly jobsOf: (owner: string) => Jobs;
  readonly audit: Pick<Audit, 'append'>;
}

const statuses = ['running', 'waiting', 'failed', 'done', 'cancelled', 'superseded'] as const satisfies JobStatus[];
const open: readonly JobStatus[] = ['failed', 'running', 'waiting'];
const pageSize = 20;

const JobsQuery = z.object({
  status: z.enum(statuses).optional().catch(undefined),
  pack: z.string().max(100).optional().catch(undefined),
  cursor: z.string().min(1).max(2000).optional().catch(undefined),
  decided: z.enum(['cancel', 'replay']).optional().catch(undefined),
});
type JobsQuery = z.infer<typeof JobsQuery>;
const JobPath = z.object({ jobId: z.string().max(200) });
const Decision = z.object({ action: z.enum(['cancel', 'replay']) });

const notices = {
  cancel: 'The job is cancelled. Work under way is told within seconds.',
  replay: 'The job is tried again, as often as a new one.',
} as const;

const titled = (status: string): string => status.charAt(0).toUpperCase() + status.slice(1);

interface Found {
  readonly jobs: JobsProps['jobs'];
  readonly older: JobsProps['older'];
}

const listed = async (
  { jobsOf }: JobPageParts,
  { owner, title, mayDecide }: SeenOwner,
  status: JobStatus,
  cursor: string | undefined,
): Promise<Found> => {
  const page = await jobsOf(owner).list(status, { limit: pageSize, ...(cursor !== undefined && { cursor }) });
  const older = hrefWith(routes.jobs.path, { status, pack: owner, cursor: page.cursor });
  return {
    jobs: page.items.map((job) => ({ job, title, mayDecide })),
    older: page.cursor === undefined ? [] : [{ href: older, label: `Older: ${title}, ${status}` }],
  };
};

const found = async (parts: JobPageParts, owners: readonly SeenOwner[], query: JobsQuery): Promise<Found> => {
  const { status, pack, cursor } = query;
  const chosen = pack === undefined ? owners : owners.filter(({ owner }) => owner === pack);
  const from = pack === undefined || status === undefined ? undefined : cursor;
  const lists = await Promise.all(
    (status === undefined ? open : [status]).flatMap((one) => chosen.map((owner) => listed(parts, owner, one, from))),
  );
  return { jobs: lists.flatMap(({ jobs }) => jobs), older: lists.flatMap(({ older }) => older) };
};

const schedulesOf = async ({ jobsOf }: JobPageParts, owners: readonly SeenOwner[]): Promise<JobsProps['schedules']> => {
  const lists = await Promise.all(
    owners.map(async ({ owner, title }) =>
      (await jobsOf(owner).schedules({ limit: pageSize })).items.map((schedule) => ({ schedule, title })),
    ),
  );
  return lists.flat();
};

/** The job and its owner. @throws not_found, also for a job that the visitor does not see; access_denied */
const decidable = async (
  { jobsOf }: JobPageParts,
  owners: readonly SeenOwner[],
  jobId: string,
): Promise<{ readonly owner: SeenOwner; readonly job: JobView }> => {
  for (const owner of owners) {
    const job = await jobsOf(owner.owner).get(jobId);
    if (job === undefined) continue;
    if (owner.mayDecide) return { owner, job };
    throw new CountersignError(
      'access_denied',
      `This needs a scope of ${owner.title} with which changes are asked for.`,
    );
  }
  throw new CountersignError('not_found', 'There is no such job.');
};

export const addJobsPage = (scope: FastifyInstance, parts: JobPageParts): void => {
  const seenBy = ({ scopes }: Visitor) => ownersSeenBy(scopes, enabled(parts.packs));

  scope.get(
    routes.jobs.path,
    forPeople(parts, async (visitor, request) => {
      const query = JobsQuery.parse(request.query);
      const { status, decided } = query;
      const owners = seenBy(visitor);
      const choice = (label: string, one?: JobStatus) => ({
        href: hrefWith(routes.jobs.path, { status: one }),
        label,
        current: one === status,
      });
      return jobsPage({
        ...visitor.frame,
        ...(await found(parts, owners, query)),
        heading: status === undefined ? 'Failed, running and waiting' : titled(status),
        choices: [choice('Open'), ...statuses.map((one) => choice(titled(one), one))],
        schedules: status === undefined ? await schedulesOf(parts, owners) : [],
        ...(decided !== undefined && { notice: notices[decided] }),
      });
    }),
  );

  scope.post(
    routes.decideJob.path,
    forTheirForm(parts, async (visitor, request, reply) => {
      const { jobId } = JobPath.parse(request.params);
      const { action } = Decision.parse(fieldsOf(request));
      const { owner, job } = await decidable(parts, seenBy(visitor), jobId);
      const { personId } = visitor.person;
      // Before it is done: what is not in the audit log does not happen.
      await parts.audit.append(
        eventFrom(originOf(request), {
          userId: personId,
          tool: 'jobs-page',
          action: action === 'cancel' ? 'delete' : 'write',
          result: 'success',
          summary: { [action]: jobId, pack: owner.owner, worker: job.worker },
        }),
      );
      await parts.jobsOf(owner.owner)[action](jobId, personId);
      return reply.redirect(hrefWith(routes.jobs.path, { decided: action }), 303);
    }),
  );
};
