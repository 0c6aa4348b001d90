/**
 * One truth: what an environment is synthesized to is what the service runs on. Variables, secrets, tables, routes and
 * names are read from the Terraform JSON and from nowhere else; one-truth/overrides.ts lists what differs, and why.
 */
import { describeWith } from '../../service/test/servers/programs.ts';
import { tellAlerts } from './one-truth/alerts-story.ts';
import {
  demandAuthorizer,
  demandHealth,
  demandJobs,
  demandName,
  demandRoutes,
  demandTraces,
} from './one-truth/demands.ts';
import { seedEstate } from './one-truth/estate.ts';
import { tellMarketing } from './one-truth/marketing-story.ts';
import { type Standing, standUp } from './one-truth/standing.ts';
import { read, type Told, tell } from './one-truth/story.ts';
import { ownEnvironments, synthesizedJson } from './one-truth/synthesized.ts';
import { needed, openWorld, type World } from './one-truth/world.ts';

type Story = (standing: Standing) => Promise<Told>;

/** Of a service that looks at AWS, which has something to find there. */
const ofTags =
  (story: typeof tell): Story =>
  async ({ origin, aws }) =>
    story(origin, await seedEstate(aws));

/** How much of the story each environment hears. Of every store and every way of running, one hears all of it. */
const stories: Readonly<Record<string, Story>> = {
  dev: ofTags(tell),
  staging: ofTags(tell),
  prod: ofTags(read),
  'examples/alerts/dev': tellAlerts,
  'examples/alerts/staging': tellAlerts,
  'examples/alerts/prod': tellAlerts,
  'examples/marketing/dev': tellMarketing,
  'examples/marketing/staging': tellMarketing,
  'examples/marketing/prod': tellMarketing,
  'examples/startup/prod': ofTags(tell),
  'examples/startup/staging': ofTags(read),
  'examples/startup/scale': ofTags(read),
  'examples/tag-governance/prod': ofTags(read),
};

await describeWith(needed, 'one truth', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  }, 120_000);
  afterAll(() => world?.stop());

  it('is tried for every environment that runs the service', async () => {
    expect(Object.keys(stories).sort()).toEqual((await ownEnvironments()).sort());
  });

  describe.each(Object.entries(stories))('%s', (name, story) => {
    let standing: Standing;
    let token: string;
    beforeAll(async () => {
      standing = await standUp(await synthesizedJson(name), world);
    }, 120_000);
    afterAll(() => standing?.stop());

    it('runs the service, healthy on the port its load balancer asks', () => demandHealth(standing));

    it('answers its people and clients under the name they type', () => demandName(standing));

    it('leads to every route that it must, and to none that the service lacks', () => demandRoutes(standing), 60_000);

    it('hears the story', async () => {
      token = (await story(standing)).token;
    }, 90_000);

    it('does its jobs, by its own queue where it has one', () => demandJobs(standing), 30_000);

    it('lets its own tokens past its authorizer, and no others', () => demandAuthorizer(standing, token));

    it('keeps what happened in its own stores, tells its alarms, and ends without a fault', () =>
      demandTraces(standing));
  });
});
