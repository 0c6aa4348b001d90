/** `secrets create`: a value for everything that has none. Values that are there stay. */
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import type { Host } from '../../platform/command.ts';
import { during } from '../../platform/host.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { Operated } from '../operated.ts';
import { askFor } from './asking.ts';
import { cacheUrl } from './cache-token.ts';
import { holdsSeveral, randomValue, type SeveralAtOnce, severalAtOnce } from './contents.ts';
import { type Picked, type Place, pick, placesOf, putIn, type Spread, spreadValues } from './places.ts';
import type { Ports } from './ports.ts';
import { restartAll } from './restarting.ts';
import { nameOf, type WantedValue } from './wanted.ts';

export interface Creating extends Picked {
  /** A random value instead of asking. */
  readonly generate: boolean;
  readonly dryRun: boolean;
  readonly restart: boolean;
}

interface Run {
  readonly host: Host;
  readonly operated: Operated;
  readonly ports: Ports;
  readonly how: Creating;
  /** Regions in which something that containers read was changed. */
  readonly changed: Set<Deployment>;
  /** Values that are still missing. */
  readonly missing: string[];
}

const tell = ({ host }: Run, wanted: WantedValue, what: string, where: readonly Place[]): void => {
  const regions = where.map(({ deployment }) => deployment.region).join(', ');
  host.out(`${nameOf(wanted)}: ${what}${regions === '' ? '' : ` in ${regions}`}`);
};

/** A sender may have made the key itself: it is read from standard input then. */
const isHandedIn = ({ host, how }: Run, source: SeveralAtOnce): boolean =>
  source !== 'sealing' && how.name !== undefined && !how.generate && host.input !== undefined;

const madeValue = (run: Run, { source }: WantedValue): string | undefined => {
  if (source === 'header' || source === 'caller-keys') return JSON.stringify({ current: randomValue() });
  if (holdsSeveral(source)) return isHandedIn(run, source) ? undefined : severalAtOnce[source].fresh();
  return source === 'random' || run.how.generate ? randomValue() : undefined;
};

const tagsOf = ({ settings }: Deployment): Record<string, string> => ({
  ...settings.tags,
  Project: settings.project_name,
  Environment: settings.environment,
  ManagedBy: 'npm run secrets',
});

const store = async (run: Run, wanted: WantedValue, place: Place, value: string): Promise<void> => {
  const { deployment, name, held } = place;
  if (held === undefined)
    await run.ports.vault(deployment).make(name, value, {
      description: 'Values of a header, which Terraform is handed by npm run plan',
      tags: tagsOf(deployment),
    });
  else await putIn(run.ports, wanted, place, value);
  if (wanted.readBy.length > 0) run.changed.add(deployment);
};

/** Each cache has a token of its own. The secret is written between the two steps, so that no token is lost. */
const createCache = async (run: Run, wanted: WantedValue, place: Place): Promise<void> => {
  const tokens = run.ports.cacheTokens(place.deployment);
  const address = await tokens.address();
  if (address === undefined) {
    tell(run, wanted, 'waits for the cache, which npm run deploy makes,', [place]);
    run.missing.push(nameOf(wanted));
    return;
  }
  if (run.how.dryRun) {
    tell(run, wanted, 'would be generated, and set on the cache,', [place]);
    return;
  }
  const token = randomValue();
  await during(run.host, `Setting a token on the cache in ${place.deployment.region}; it takes some minutes`, () =>
    tokens.change('rotate', token),
  );
  await store(run, wanted, place, cacheUrl(token, address));
  await during(run.host, 'Making it the only token of the cache', () => tokens.change('set', token));
  tell(run, wanted, 'generated, and set on the cache', [place]);
};

const createValue = async (run: Run, { wanted }: Spread, places: readonly Place[]): Promise<void> => {
  const absent = places.filter(({ value }) => value === undefined);
  const known = places.find(({ value }) => value !== undefined)?.value;
  const made = known ?? madeValue(run, wanted);
  const what = known === undefined ? 'generated' : 'copied from another region';
  if (run.how.dryRun) {
    tell(run, wanted, made === undefined ? 'would be asked for' : `would be ${what}`, absent);
    return;
  }
  const [first] = absent;
  if (first === undefined) return;
  const value = made ?? (await askFor(run.host, wanted, first.deployment, run.how.name !== undefined));
  if (value === undefined) {
    tell(run, wanted, 'still has no value', absent);
    run.missing.push(nameOf(wanted));
    return;
  }
  for (const place of absent) await store(run, wanted, place, value);
  tell(run, wanted, made === undefined ? 'stored' : what, absent);
};

const createOne = async (run: Run, spread: Spread): Promise<void> => {
  const { wanted } = spread;
  const places = await placesOf(run.ports, spread);
  if (places.every(({ value }) => value !== undefined)) {
    if (run.how.name !== undefined)
      throw new OperatorProblem(
        `${nameOf(wanted)} has a value. For a new one: npm run secrets -- rotate --environment ${run.operated.environment} --name ${wanted.secret}`,
      );
    tell(run, wanted, 'has a value', []);
    return;
  }
  // Terraform makes all but the headers' secrets.
  const unmade = wanted.source === 'header' ? [] : places.filter(({ held }) => held === undefined);
  if (unmade.length > 0) {
    tell(run, wanted, 'waits for its secret, which npm run deploy makes,', unmade);
    run.missing.push(nameOf(wanted));
  }
  const ready = places.filter((place) => !unmade.includes(place));
  if (ready.every(({ value }) => value !== undefined)) return;
  if (wanted.source !== 'cache') return createValue(run, spread, ready);
  for (const place of ready) if (place.value === undefined) await createCache(run, wanted, place);
};

const picked = ({ how, operated }: Run): readonly Spread[] => {
  const found = pick(spreadValues(operated), how);
  if (how.name !== undefined && found.length > 1)
    throw new OperatorProblem(
      `The secret ${how.name} has several keys: say which one with --key ${found.map(({ wanted }) => wanted.key).join(', or --key ')}.`,
    );
  return found;
};

/** Answers the exit code: 0 every value is there, 2 some are still missing. @throws OperatorProblem */
export const createSecrets = async (host: Host, operated: Operated, ports: Ports, how: Creating): Promise<number> => {
  const run: Run = { host, operated, ports, how, changed: new Set(), missing: [] };
  try {
    for (const spread of picked(run)) await createOne(run, spread);
  } finally {
    // Also after a failure halfway: what has its values can start.
    if (how.restart) await restartAll(host, ports, run.changed);
  }
  if (run.missing.length === 0) return 0;
  host.err(
    `Without a value: ${run.missing.join(', ')}. Run this again after npm run deploy, at a terminal, or pipe one in with --name and --key.`,
  );
  return 2;
};
