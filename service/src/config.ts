/** The environment, parsed once. Nothing else in the service reads process.env. */
import { resolve } from 'node:path';
import { type Environment, environment, variableNames } from '../../contracts/environment.ts';
import { type EnvironmentProblem, environmentRules } from '../../contracts/environment-rules.ts';

export interface Config extends Environment {
  readonly HOST: string;
  /** Origin without a trailing slash. */
  readonly PUBLIC_URL: string;
  /** The OAuth resource: the URL people type. */
  readonly RESOURCE: string;
  /** The issuer whose tokens are accepted. */
  readonly ISSUER: string;
}

/** Thrown by parseConfig; its message lists every problem, one a line, and no value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly EnvironmentProblem[];

  constructor(problems: readonly EnvironmentProblem[]) {
    super(['The service cannot start:', ...problems.map((p) => `  ${p.variable} ${p.problem}`)].join('\n'));
    this.problems = problems;
  }
}

/**
 * Parses variables as contracts/environment.ts describes them. Empty values count as unset; variables it does not
 * name are ignored, for they belong to the shell.
 * @throws ConfigError naming every variable that is wrong, missing or contradicts another
 */
export const parseConfig = (variables: Readonly<Record<string, string | undefined>>): Config => {
  const problems: EnvironmentProblem[] = [];
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

const derive = (env: Environment): Config => {
  const publicUrl = new URL(env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).origin;
  return {
    ...env,
    HOST: env.HOST ?? (env.ESTATE === 'sandbox' ? '127.0.0.1' : '0.0.0.0'),
    DATA_DIR: resolve(env.DATA_DIR),
    PUBLIC_URL: publicUrl,
    RESOURCE: `${publicUrl}/mcp`,
    ISSUER: env.AUTH_ISSUER ?? publicUrl,
  };
};
