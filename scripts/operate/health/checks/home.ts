/** Which of two regions writes, and whether the name leads there. Neither is in a plan, and a drill is no drift. */

import type { Home } from '../../../../contracts/home.ts';
import { OperatorProblem } from '../../../platform/problem.ts';
import { readHome } from '../../failover/home-record.ts';
import { namesToTurn, turnedAway } from '../../failover/turn.ts';
import { attention, broken, type Check, type Judgement, ok } from '../check.ts';

const moved = 'npm run failover -- --environment <name>';

export const judgeHome = (home: Home, region: string, wanted: string | undefined): Judgement => {
  const says = home.region === region ? 'is the home and writes' : `only reads; ${home.region} is the home`;
  const since = `${says}, since epoch ${home.epoch}`;
  return home.region === wanted
    ? ok(region, since)
    : attention(region, `${since}. home_region is ${wanted}: set it to ${home.region}, and deploy both regions`);
};

export const home: Check = {
  name: 'home',
  applies: ({ shape }) => shape.sharedState,
  look: async ({ deployment, client }) => [
    judgeHome(await readHome(client, deployment), deployment.region, deployment.settings.home_region),
  ],
};

/** Looked at where the primary record is: a turned check or record of it leads callers elsewhere. */
export const turned: Check = {
  name: 'failover',
  applies: ({ settings, region }) => settings.home_region === region,
  look: async ({ deployment, client }) => {
    const { region } = deployment;
    try {
      const names = await namesToTurn(client, deployment);
      const away = new Set((await turnedAway(client, names, region)).map(({ name }) => name));
      return names.map(({ name }) =>
        away.has(name)
          ? broken(name, `is led away from ${region}: a drill is running, or left it so: ${moved} --restore`)
          : ok(name, `leads to ${region} while it is well`),
      );
    } catch (error) {
      if (error instanceof OperatorProblem) return [broken(region, error.message)];
      throw error;
    }
  },
};
