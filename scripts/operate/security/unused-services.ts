/** Services that a role of the environment may use and does not: what nobody uses, nobody needs to be allowed. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GenerateServiceLastAccessedDetailsCommand,
  GetServiceLastAccessedDetailsCommand,
  IAMClient,
  paginateListRoles,
  type Role,
  type ServiceLastAccessed,
} from '@aws-sdk/client-iam';
import { daysSince } from '../days.ts';
import { attention, type Check, type Judgement, ok } from '../health/check.ts';
import { gathered, UNUSED_DAYS } from './roles.ts';

/** A job of IAM takes seconds; the check's own limit of time ends the wait for one that does not. */
const POLL_MS = 1000;

/**
 * What IAM says of the services of one role, which it remembers for 400 days.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html
 */
const servicesOf = async (client: IAMClient, Arn: string): Promise<readonly ServiceLastAccessed[]> => {
  const { JobId } = await client.send(new GenerateServiceLastAccessedDetailsCommand({ Arn }));
  const found: ServiceLastAccessed[] = [];
  for (let Marker: string | undefined; ; ) {
    const told = await client.send(new GetServiceLastAccessedDetailsCommand({ JobId, Marker }));
    if (told.JobStatus === 'FAILED')
      throw new Error(`IAM could not say what ${Arn} uses: ${told.Error?.Message ?? ''}`);
    if (told.JobStatus === 'IN_PROGRESS') {
      await sleep(POLL_MS);
      continue;
    }
    found.push(...(told.ServicesLastAccessed ?? []));
    if (told.IsTruncated !== true) return found;
    Marker = told.Marker;
  }
};

export const judgeServices = (
  { RoleName = '' }: Pick<Role, 'RoleName'>,
  services: readonly ServiceLastAccessed[],
  now: Date,
): Judgement => {
  const unused = services.filter(
    ({ LastAuthenticated }) => LastAuthenticated === undefined || daysSince(LastAuthenticated, now) > UNUSED_DAYS,
  );
  const names = unused.map(({ ServiceNamespace, ServiceName }) => ServiceNamespace ?? ServiceName).join(', ');
  return unused.length === 0
    ? ok(RoleName, `uses all ${services.length} services that it may use`)
    : attention(
        RoleName,
        `has not used ${names} for ${UNUSED_DAYS} days: take them out of its policies, or say what for`,
      );
};

/** Roles of this environment that are old enough to judge: those of others are theirs to narrow. */
export const unusedServices: Check = {
  name: 'unused services',
  applies: ({ primary }) => primary,
  look: async ({ client: of, now, deployment }) => {
    const client = of(IAMClient, 'us-east-1');
    const judged: Judgement[] = [];
    for await (const { Roles = [] } of paginateListRoles({ client }, {}))
      for (const role of Roles) {
        const { RoleName = '', Arn = '', CreateDate = now } = role;
        const isOwn = RoleName.startsWith(`${deployment.settings.name_prefix}-`);
        if (!isOwn || daysSince(CreateDate, now) <= UNUSED_DAYS) continue;
        judged.push(judgeServices(role, await servicesOf(client, Arn), now));
      }
    return gathered(judged);
  },
};
