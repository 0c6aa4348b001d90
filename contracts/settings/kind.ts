/** Kinds of environments. A name is free; defaults and rules look at the kind. */

/** From the one that may be lost to the one that must be kept. */
export const environmentKinds = ['dev', 'staging', 'prod'] as const;
export type EnvironmentKind = (typeof environmentKinds)[number];

/**
 * Words of a name that tell its kind, as GitLab reads a deployment tier from the name of an environment:
 * https://docs.gitlab.com/ci/environments/#deployment-tier-of-environments
 */
const words: Readonly<Record<EnvironmentKind, readonly string[]>> = {
  dev: ['dev', 'devel', 'development', 'test', 'testing', 'sandbox', 'ci'],
  staging: ['staging', 'stage', 'stg', 'qa', 'uat', 'preprod', 'acceptance'],
  prod: ['prod', 'production', 'prd', 'live'],
};

/** The kind that a word of a name tells; of two the one that protects more. `qa` is staging, `eu-prod` is prod. */
export const toldKind = (name: string): EnvironmentKind | undefined =>
  environmentKinds.filter((kind) => name.split('-').some((word) => words[kind].includes(word))).at(-1);

/** The kind of a name; one that tells none is of the kind that protects most. */
export const kindOf = (name: string): EnvironmentKind => toldKind(name) ?? 'prod';

/** Words by kind, for the reference. */
export const kindsByName = environmentKinds.map((kind) => `${kind}: ${words[kind].join(', ')}`).join('; ');
