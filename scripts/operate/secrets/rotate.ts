/** `secrets rotate`: a new value for one secret, so that nothing that must stay valid is refused on the way. */
import { agree } from '../../platform/agree.ts';
import type { Host } from '../../platform/command.ts';
import { during } from '../../platform/host.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { Operated } from '../operated.ts';
import { askFor } from './asking.ts';
import { cacheUrl, tokenOf } from './cache-token.ts';
import {
  type HeaderValues,
  randomValue,
  retired,
  rotatedHeader,
  rotatedKeys,
  type SeveralAtOnce,
  severalAtOnce,
  withEntries,
} from './contents.ts';
import { type Picked, type Place, pick, placeOf, placesOf, putIn, type Spread, spreadValues } from './places.ts';
import type { Ports } from './ports.ts';
import { restartAll } from './restarting.ts';
import { nameOf, type Source } from './wanted.ts';

export interface Rotating extends Picked {
  readonly generate: boolean;
  /** Ends the value before, instead of making a new one. */
  readonly retire: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly restart: boolean;
}

interface Run {
  readonly host: Host;
  readonly operated: Operated;
  readonly ports: Ports;
  readonly how: Rotating;
  readonly spread: Spread;
}

/** Key beside the cache's URL while the token before is still accepted. */
const oldToken = 'old_token';

const say = ({ host, how, spread }: Run, done: string): void =>
  host.out(`${nameOf(spread.wanted)}: ${how.dryRun ? 'would be ' : ''}${done}`);

const deployNext = ({ operated }: Run): string =>
  `npm run plan and npm run deploy of ${operated.environment}${operated.deployments.length > 1 ? ', in every region' : ''}`;

/** The same text in every region. */
const writeAll = async ({ ports, how }: Run, places: readonly Place[], text: string): Promise<void> => {
  if (how.dryRun) return;
  for (const { deployment, name, held } of places)
    await ports.vault(deployment).write(name, text, held ?? { text: '', versionId: undefined });
};

/** Of the first region, whose text is that of all. @throws OperatorProblem where there is none */
const textOf = ({ operated, spread }: Run, [first]: readonly Place[]): { name: string; text: string } => {
  if (first?.value === undefined || first.held === undefined)
    throw new OperatorProblem(
      `${nameOf(spread.wanted)} has no value yet: npm run secrets -- create --environment ${operated.environment}`,
    );
  return { name: first.name, text: first.held.text };
};

const rotateKeys = async (run: Run, places: readonly Place[]): Promise<number> => {
  const { name, text } = textOf(run, places);
  await writeAll(run, places, run.how.retire ? retired(name, text) : rotatedKeys(name, text));
  say(
    run,
    run.how.retire
      ? 'left with its current key; the authorizer knows within five minutes'
      : `rotated. Hand the new key out from Secrets Manager (${name}, current); the one before stays good until --retire, or the next rotation`,
  );
  return 0;
};

const headerNext = (run: Run, { next }: HeaderValues): string =>
  next === undefined
    ? `rotated. It counts after ${deployNext(run)}: make no cutover before. The one before is accepted until --retire, or the next rotation`
    : `accepted with the next apply, step 1 of 2. Now: ${deployNext(run)}; then rotate again, which sends it`;

const rotateHeader = async (run: Run, places: readonly Place[]): Promise<number> => {
  const { name, text } = textOf(run, places);
  if (run.how.retire) {
    await writeAll(run, places, retired(name, text));
    say(run, `left with its current value. The one before is refused after ${deployNext(run)}`);
    return 0;
  }
  const values = rotatedHeader(name, text, run.operated.deployments.length);
  await writeAll(run, places, JSON.stringify(values));
  say(run, headerNext(run, values));
  return 0;
};

const setOnly = async (run: Run, place: Place): Promise<void> => {
  const { deployment, name, held, value } = place;
  const token = value === undefined ? undefined : tokenOf(value);
  if (held === undefined || token === undefined) throw new OperatorProblem(`${name} holds no URL with a token.`);
  await during(run.host, `Making the new token the only one of the cache in ${deployment.region}`, () =>
    run.ports.cacheTokens(deployment).change('set', token),
  );
  if (run.spread.wanted.key !== undefined)
    await run.ports.vault(deployment).write(name, withEntries(name, held.text, { [oldToken]: undefined }), held);
};

const rotateCacheIn = async (run: Run, place: Place): Promise<boolean> => {
  const { ports, spread, host } = run;
  const { deployment, name } = place;
  const tokens = ports.cacheTokens(deployment);
  const address = await tokens.address();
  if (address === undefined) throw new OperatorProblem(`There is no cache in ${deployment.region} yet: npm run deploy`);
  const token = randomValue();
  await during(host, `Adding a token to the cache in ${deployment.region}; it takes some minutes`, () =>
    tokens.change('rotate', token),
  );
  const { held = { text: '', versionId: undefined } } = place;
  const { key } = spread.wanted;
  const url = cacheUrl(token, address);
  const text = key === undefined ? url : withEntries(name, held.text, { [key]: url, [oldToken]: 'accepted' });
  await ports.vault(deployment).write(name, text, held);
  if (!run.how.restart) return false;
  const [restarted] = await restartAll(host, ports, [deployment]);
  if (restarted === undefined) return false;
  if (!(await during(host, 'Waiting until everything runs with its new secrets', () => restarted.steady())))
    return false;
  await setOnly(run, await placeOf(ports, spread.wanted, deployment));
  return true;
};

const rotateCache = async (run: Run, places: readonly Place[]): Promise<number> => {
  textOf(run, places);
  const { how, operated, spread } = run;
  if (how.dryRun) {
    say(
      run,
      how.retire
        ? 'the only token of the cache'
        : 'rotated: added to the cache, stored, read by restarted tasks, then the only one',
    );
    return 0;
  }
  let all = true;
  for (const place of places) {
    if (how.retire) await setOnly(run, place);
    else if (!(await rotateCacheIn(run, place))) all = false;
  }
  say(
    run,
    all ? 'rotated; the token before is refused' : 'stored. The token before is accepted until all tasks are new',
  );
  if (all) return 0;
  run.host.err(
    `When they are: npm run secrets -- rotate --environment ${operated.environment} --name ${spread.wanted.secret} --retire`,
  );
  return 2;
};

const consequences =
  'A new ENCRYPTION_KEY signs everybody out of the pages, breaks sign-ins and step-ups that are under way, and makes registered clients’ secrets unreadable. Tokens stay valid until they expire; a new signing key is made. Keep the old value in a file: audit:verify needs it (--old-key-file) for what was signed with it.';

const confirmRandom = async ({ host, how, operated }: Run): Promise<void> => {
  host.err(consequences);
  if (how.dryRun) return;
  await agree(host, how.yes, `Type ${operated.environment} to go on: `, operated.environment);
};

const rotateValue = async (run: Run, places: readonly Place[]): Promise<number> => {
  const { host, ports, how, spread } = run;
  const { wanted } = spread;
  textOf(run, places);
  if (how.retire) throw new OperatorProblem(`${nameOf(wanted)} has one value at a time: there is nothing to retire.`);
  if (wanted.source === 'random') await confirmRandom(run);
  const [first] = places;
  if (how.dryRun || first === undefined) {
    say(run, 'replaced, and what reads it restarted');
    return 0;
  }
  const value =
    wanted.source === 'random' || how.generate ? randomValue() : await askFor(host, wanted, first.deployment, true);
  if (value === undefined) throw new OperatorProblem('No value was given. Nothing was changed.');
  for (const place of places) await putIn(ports, wanted, place, value);
  say(run, 'replaced');
  if (how.restart && wanted.readBy.length > 0) await restartAll(host, ports, spread.deployments);
  return 0;
};

const severalTold: Readonly<Record<SeveralAtOnce, readonly [rotated: string, retired: string]>> = {
  sealing: [
    'given a new key before the others, which stay good until --retire',
    'left with its newest key. Accounts that were not used since it was made have to be connected again',
  ],
  token: [
    'given a new token before the others, which stay good until --retire. Hand the first one to the sender',
    'left with its newest token. A sender that has another one is refused',
  ],
  'webhook-key': [
    'given a new key before the others, which stay good until --retire. Hand the first one to the sender',
    'left with its newest key. What is signed with another one is refused',
  ],
};

/** The newest first: it is the one to use, and the others still hold. */
const rotateSeveral =
  (source: SeveralAtOnce) =>
  async (run: Run, places: readonly Place[]): Promise<number> => {
    const { host, ports, how, spread } = run;
    textOf(run, places);
    const { fresh, between } = severalAtOnce[source];
    const [newest = '', ...older] = (places[0]?.value ?? '').split(between);
    const values = how.retire ? [newest] : [fresh(), newest, ...older];
    if (!how.dryRun) for (const place of places) await putIn(ports, spread.wanted, place, values.join(between));
    const [rotated, left] = severalTold[source];
    say(run, how.retire ? left : rotated);
    if (!how.dryRun && how.restart) await restartAll(host, ports, spread.deployments);
    return 0;
  };

const rotations: Readonly<Record<Source, (run: Run, places: readonly Place[]) => Promise<number>>> = {
  'caller-keys': rotateKeys,
  header: rotateHeader,
  cache: rotateCache,
  random: rotateValue,
  sealing: rotateSeveral('sealing'),
  token: rotateSeveral('token'),
  'webhook-key': rotateSeveral('webhook-key'),
  asked: rotateValue,
};

/** Answers the exit code: 0 done, 2 another step is needed. @throws OperatorProblem */
export const rotateSecret = async (host: Host, operated: Operated, ports: Ports, how: Rotating): Promise<number> => {
  const all = spreadValues(operated);
  if (how.name === undefined)
    throw new OperatorProblem(
      `Rotate one at a time: --name ${all.map(({ wanted }) => wanted.secret).join(', or --name ')}.`,
    );
  const found = pick(all, how);
  const [spread] = found;
  if (spread === undefined || found.length > 1)
    throw new OperatorProblem(
      `The secret ${how.name} has several keys: say which one with --key ${found.map(({ wanted }) => wanted.key).join(', or --key ')}.`,
    );
  const run: Run = { host, operated, ports, how, spread };
  return rotations[spread.wanted.source](run, await placesOf(ports, spread));
};
