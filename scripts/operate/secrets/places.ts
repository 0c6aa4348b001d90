/** Every value that an environment needs, with the places where it stands: one a region. */
import { didYouMean } from '../../../contracts/nearest.ts';
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { UsageProblem } from '../../platform/problem.ts';
import type { Operated } from '../operated.ts';
import { valueIn, withEntries } from './contents.ts';
import type { Ports } from './ports.ts';
import type { Held } from './vault.ts';
import { nameOf, type WantedValue, wantedValues } from './wanted.ts';

export interface Spread {
  readonly wanted: WantedValue;
  readonly deployments: readonly Deployment[];
}

/** Each value once, whatever the number of regions. */
export const spreadValues = ({ deployments }: Operated): readonly Spread[] => {
  const all = new Map<string, { wanted: WantedValue; deployments: Deployment[] }>();
  for (const deployment of deployments)
    for (const wanted of wantedValues(deployment)) {
      const known = all.get(nameOf(wanted)) ?? { wanted, deployments: [] };
      known.deployments.push(deployment);
      all.set(nameOf(wanted), known);
    }
  return [...all.values()];
};

export interface Picked {
  readonly name: string | undefined;
  readonly key: string | undefined;
}

/** Those that --name and --key mean. @throws UsageProblem for none */
export const pick = (all: readonly Spread[], { name, key }: Picked): readonly Spread[] => {
  if (name === undefined && key !== undefined) throw new UsageProblem('--key needs --name.');
  const found = all.filter(
    ({ wanted }) => (name === undefined || wanted.secret === name) && (key === undefined || wanted.key === key),
  );
  if (found.length === 0 && name !== undefined) {
    const given = nameOf({ secret: name, key });
    const names = all.map(({ wanted }) => nameOf(wanted));
    throw new UsageProblem(
      `The environment has no secret ${given}${didYouMean(given, names) || '.'} It has ${names.join(', ') || 'none'}.`,
    );
  }
  return found;
};

export interface Place {
  readonly deployment: Deployment;
  /** With the environment's prefix. */
  readonly name: string;
  /** Undefined: there is no such secret. */
  readonly held: Held | undefined;
  /** Undefined: it has no value. */
  readonly value: string | undefined;
}

export const placeOf = async (ports: Ports, { secret, key }: WantedValue, deployment: Deployment): Promise<Place> => {
  const name = deployment.names.secret(secret);
  const held = await ports.vault(deployment).read(name);
  return { deployment, name, held, value: held && valueIn(name, held.text, key) };
};

export const placesOf = (ports: Ports, { wanted, deployments }: Spread): Promise<Place[]> =>
  Promise.all(deployments.map((deployment) => placeOf(ports, wanted, deployment)));

/** Puts a value in one place, keeping the secret's other keys. */
export const putIn = async (
  ports: Ports,
  { key }: WantedValue,
  { deployment, name, held }: Place,
  value: string,
): Promise<void> => {
  const over = held ?? { text: '', versionId: undefined };
  const text = key === undefined ? value : withEntries(name, over.text, { [key]: value });
  await ports.vault(deployment).write(name, text, over);
};
