/**
 * Variables that look like ours and are not. A misspelt limit would silently not be one, so a name with a slip in it keeps
 * the service from starting. What merely begins like one of ours is only named: platforms set variables of their own, such
 * as Kubernetes for every service (AUTH_PORT_80_TCP).
 */
import { variableNames } from '../../../contracts/environment.ts';
import { distance } from '../../../contracts/nearest.ts';

export interface UnknownVariable {
  readonly name: string;
  /** The variable of ours that is spelt most alike. */
  readonly nearest: string;
  /** It is meant for us: nobody else uses such a name. */
  readonly surely: boolean;
}

/** Others set names of these families, some of them close to ours: DATABASE_URI, REDIS_URI, LOG_LEVELS. */
const shared = /^(OTEL|NODE|DATABASE|REDIS|LOG|KUBERNETES)_/i;
/** Names of the AWS SDK and of npm: many, and never meant for us. */
const foreign = /^(AWS|NPM)_/i;
/** What Kubernetes and Docker set for a service of any name. */
const linked = /_(SERVICE_(HOST|PORT)(_\w+)?|PORT(_\d+_(TCP|UDP)(_\w+)?)?)$/;
/** A slip in a short name makes another word: PORTS, HOSTS, STORES. */
const LEAST_LETTERS = 7;

const known: ReadonlySet<string> = new Set(variableNames);
const firstWord = (name: string): string => /^[A-Z]+_/.exec(name)?.[0] ?? '';
const ours: ReadonlySet<string> = new Set(
  ['COUNTERSIGN_', ...variableNames.map(firstWord)].filter((word) => word !== ''),
);
const letters = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');

const nearestTo = (name: string) => {
  let best: { nearest: string; off: number } = { nearest: '', off: Number.POSITIVE_INFINITY };
  const spelt = letters(name);
  for (const candidate of variableNames) {
    const off = distance(spelt, letters(candidate));
    if (off < best.off) best = { nearest: candidate, off };
  }
  return best;
};

/** In a name of twelve letters two slips are still no other name. */
const slipsIn = (name: string): number => (letters(name).length >= 12 ? 2 : 1);

/** @param variables all that are set; only names are looked at, and only those with a value */
export const unknownVariables = (variables: Readonly<Record<string, string | undefined>>): UnknownVariable[] =>
  Object.keys(variables)
    .filter((name) => variables[name] && !known.has(name) && !linked.test(name) && !foreign.test(name))
    .flatMap((name) => {
      const { nearest, off } = nearestTo(name);
      const near = letters(nearest).length >= LEAST_LETTERS && off <= slipsIn(nearest);
      const alike = near || (ours.has(firstWord(name)) && !shared.test(name));
      return near || alike ? [{ name, nearest, surely: near && !shared.test(name) }] : [];
    });
