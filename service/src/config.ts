/** The environment, parsed once. Nothing else in the service reads process.env. */
import { resolve } from 'node:path';
import { type Environment, environment, variableNames } from '../../contracts/environment.ts';
import { type EnvironmentProblem, environmentRules, hasDemoPeople } from '../../contracts/environment-rules.ts';
import { unknownVariables } from './start/unknown-variables.ts';

export interface Config extends Environment {
  readonly HOST: string;
  /** People pick a demo person, and pages have a banner that says so. */
  readonly DEMO_PEOPLE: boolean;
  /** Origin without a trailing slash. */
  readonly PUBLIC_URL: string;
  /** The OAuth resource: the URL people type. */
  readonly RESOURCE: string;
  /** Origins this service is known by, PUBLIC_URL first. More than one only without PUBLIC_URL: the loopback names. */
  readonly ORIGINS: readonly string[];
  /** The resource under each of them. */
  readonly RESOURCES: readonly string[];
  /** The issuer whose tokens are accepted. */
  readonly ISSUER: string;
}

/** What is wrong with a variable, also with one that there is not. */
type Problem = Omit<EnvironmentProblem, 'variable'> & { readonly variable: string };

/** Thrown by parseConfig; its message lists every problem, one a line, and no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(['The service cannot start:', ...problems.map((p) => `  ${p.variable} ${p.problem}`)].join('\n'));
    this.problems = problems;
  }
}

/**
 * Parses variables as contracts/environment.ts describes them. Empty values count as unset. Variables it does not name
 * belong to the shell and are ignored, unless they are surely one of ours with a slip in it.
 * @throws ConfigError naming every variable that is wrong, missing, misspelt or contradicts another
 */
export const parseConfig = (variables: Readonly<Record<string, string | undefined>>): Config => {
  const problems: Problem[] = unknownVariables(variables)
    .filter(({ surely }) => surely)
    .map(({ name, nearest }) => ({ variable: name, problem: `is no variable of this service: write ${nearest}` }));
  const parsed: Partial<Record<string, unknown>> = {};
  for (const variable of variableNames) {
    const result = environment[variable].schema.safeParse(variables[variable] || undefined);
    if (result.success) parsed[variable] = result.data;
    else problems.push({ variable, problem: result.error.issues.map((issue) => issue.message).join('; ') });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const env = parsed as Environment;
  for (const rule of environmentRules) {
    const problem = rule(env);
    if (problem) problems.push(problem);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return derive(env);
};

/** Where nobody said how the service is called, whoever runs on this machine may call it by any name of it. */
const loopbackNames = ['localhost', '127.0.0.1', '[::1]'];

const addressed = (origins: readonly [string, ...string[]]) => {
  const [publicUrl] = origins;
  return {
    PUBLIC_URL: publicUrl,
    RESOURCE: `${publicUrl}/mcp`,
    ORIGINS: origins,
    RESOURCES: origins.map((origin) => `${origin}/mcp`),
  };
};

const originsOf = ({ PUBLIC_URL, PORT }: Environment): readonly [string, ...string[]] => {
  const [first = '', ...others] = loopbackNames.map((name) => new URL(`http://${name}:${PORT}`).origin);
  return PUBLIC_URL === undefined ? [first, ...others] : [new URL(PUBLIC_URL).origin];
};

/** The configuration once it is known which port the system chose for PORT=0. */
export const atPort = (config: Config, port: number): Config => {
  if (config.PORT === port) return config;
  const { PUBLIC_URL: publicUrl, ISSUER: issuer, ...rest } = config;
  if (config.ORIGINS.length === 1) return { ...config, PORT: port };
  return derive({ ...rest, PORT: port, PUBLIC_URL: undefined, AUTH_ISSUER: config.AUTH_ISSUER });
};

const derive = (env: Environment): Config => {
  const address = addressed(originsOf(env));
  const demoPeople = hasDemoPeople(env);
  return {
    ...env,
    HOST: env.HOST ?? (demoPeople ? '127.0.0.1' : '0.0.0.0'),
    DEMO_PEOPLE: demoPeople,
    DATA_DIR: resolve(env.DATA_DIR),
    ...address,
    ISSUER: env.AUTH_ISSUER ?? address.PUBLIC_URL,
  };
};
