import { periodicWork } from './periodic.ts';

/** The work of a service that is alone, or one of several regions', in the home or elsewhere. */
const workOf = (isHome?: boolean) => {
  const ran: string[] = [];
  const home = { look: async () => ({ region: 'us-east-1', epoch: 1 }), isHome: () => isHome === true };
  const work = periodicWork({
    pipeline: { resume: async () => {} },
    anchoring: { run: async () => void ran.push('anchored') },
    jobs: { turn: async () => void ran.push('worked') },
    state: { ...(isHome !== undefined && { home }) },
  });
  return { work, ran };
};

it('jobs are looked for beside the service’s own work, which a region that only reads leaves', async () => {
  const { work, ran } = workOf();
  expect(work.map(({ name }) => name)).toEqual(['resume', 'anchoring', 'jobs']);
  for (const { work: turn } of work) await turn();
  expect(ran).toEqual(['anchored', 'worked']);
  const elsewhere = workOf(false);
  for (const { work: turn } of elsewhere.work) await turn();
  expect(elsewhere.ran).toEqual(['worked']);
});
