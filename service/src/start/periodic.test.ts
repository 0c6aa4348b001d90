import type { PackJob } from '../packs/job.ts';
import { periodicWork } from './periodic.ts';

/** The work of a service with these jobs of packs, where it is one of several regions' in the home or elsewhere. */
const workOf = (jobs: readonly PackJob[], isHome?: boolean) => {
  const home = { look: async () => ({ region: 'us-east-1', epoch: 1 }), isHome: () => isHome === true };
  return periodicWork({
    pipeline: { resume: async () => {} },
    anchoring: { run: async () => {} },
    packs: { jobs },
    state: { tables: { sweep: async () => 0 }, ...(isHome !== undefined && { home }) },
  });
};

it('jobs of packs are in the list beside the service’s own', async () => {
  const ran: string[] = [];
  const work = workOf([{ name: 'notes: forget', everyMs: 5000, work: async () => void ran.push('forget') }]);
  expect(work.map(({ name }) => name)).toEqual(['resume', 'sweep', 'anchoring', 'notes: forget']);
  expect(work.at(-1)?.everyMs).toBe(5000);
  await work.at(-1)?.work();
  expect(ran).toEqual(['forget']);
});

it.each([
  [true, ['writes', 'reads']],
  [false, ['reads']],
])('where the region is the home: %s, the jobs that run are %j', async (isHome, expected) => {
  const ran: string[] = [];
  const work = workOf(
    [
      { name: 'writes', everyMs: 1, work: async () => void ran.push('writes') },
      { name: 'reads', everyMs: 1, anyRegion: true, work: async () => void ran.push('reads') },
    ],
    isHome,
  );
  for (const { work: turn } of work) await turn();
  expect(ran).toEqual(expected);
});
