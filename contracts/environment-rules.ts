/** What must hold between the variables of the environment. */
import { cidrContains } from './cidr.ts';
import { type Environment, environment, type VariableName } from './environment.ts';
import { type PackName, packNames, packs, packsGranted, providersOf } from './packs/index.ts';
import type { PackContract } from './packs/pack.ts';
import type { NamedProvider } from './provider.ts';
import type { VariableContract } from './variable.ts';

/** One thing wrong with an environment: the variable, what is wrong and what would be right. */
export interface EnvironmentProblem {
  readonly variable: VariableName;
  readonly problem: string;
}

/** Answers what is wrong, and says for the reference which variable it is about and what would be. */
interface Rule extends EnvironmentProblem {
  (env: Environment): EnvironmentProblem | undefined;
}

const rule = (broken: (env: Environment) => boolean, about: EnvironmentProblem): Rule =>
  Object.assign((env: Environment) => (broken(env) ? about : undefined), about);
const needs = (when: (env: Environment) => boolean, variable: VariableName, reason: string): Rule =>
  rule((env) => when(env) && env[variable] === undefined, { variable, problem: `is required ${reason}` });
const excludes = (when: (env: Environment) => boolean, variable: VariableName, problem: string): Rule =>
  rule(when, { variable, problem });

const isSecret = (name: string): boolean =>
  Object.hasOwn(environment, name) &&
  (environment as Readonly<Record<string, VariableContract>>)[name]?.secret === true;

/** Whether only this machine reaches an address. IPv6 is written in many ways: what is not surely loopback is not. */
const isLoopback = (host: string): boolean =>
  ['localhost', '::1', '[::1]'].includes(host.toLowerCase()) || /^127(\.\d{1,3}){3}$/.test(host);

/** Whether people pick a demo person: as DEMO_PEOPLE says, else on a machine of one's own without a company's sign-in. */
export const hasDemoPeople = ({ DEMO_PEOPLE, ENVIRONMENT, SSO_ISSUER }: Environment): boolean =>
  DEMO_PEOPLE ?? (ENVIRONMENT === 'local' && SSO_ISSUER === undefined);

type Upstream = NonNullable<PackContract['upstream']> & { readonly pack: PackName };

const upstreams: readonly Upstream[] = packNames.flatMap((pack) => {
  const { upstream }: PackContract = packs[pack];
  return upstream === undefined ? [] : [{ pack, ...upstream }];
});

const isVariable = (name: string): name is VariableName => Object.hasOwn(environment, name);

/** What a pack that acts on a real upstream needs, and where it must not act on its sandbox. */
const upstreamRules = ({ pack, variable, sandbox, real, realNeeds }: Upstream): readonly Rule[] => {
  if (!isVariable(variable)) return [];
  const acts = (on: string) => (env: Environment) => env.TOOL_PACKS.includes(pack) && env[variable] === on;
  return [
    ...realNeeds.filter(isVariable).map((needed) => needs(acts(real), needed, `with ${variable}=${real}`)),
    needs(acts(real), 'SSO_ISSUER', `with ${variable}=${real}: demo people may not change what is real`),
    excludes(
      (env) => acts(real)(env) && env.DEMO_PEOPLE === true,
      'DEMO_PEOPLE',
      `must be false with ${variable}=${real}: demo people may not change what is real`,
    ),
    excludes(
      (env) => env.ENVIRONMENT !== 'local' && acts(sandbox)(env),
      variable,
      `must be ${real} unless ENVIRONMENT=local`,
    ),
  ];
};

/** Whether a pack acts on its real upstream: in a sandbox nobody needs a credential. */
export const actsForReal = (pack: string, values: Readonly<Record<string, unknown>>): boolean => {
  const upstream = upstreams.find((one) => one.pack === pack);
  return upstream === undefined || values[upstream.variable] === upstream.real;
};

/** What accounts that people connect need. */
const providerRules = ({ pack, way, connected }: NamedProvider): readonly Rule[] => {
  const { clientId, clientSecret, base } = connected;
  const connects = (env: Environment): boolean => {
    const values: Readonly<Record<string, unknown>> = env;
    return env.TOOL_PACKS.some((name) => name === pack) && actsForReal(pack, values) && values[way] === 'connected';
  };
  const because = `with ${way}=connected`;
  return [
    ...[clientId, clientSecret].filter(isVariable).map((needed) => needs(connects, needed, because)),
    needs((env) => connects(env) && env.STORE !== 'embedded', 'CREDENTIALS_KEYS', `${because}, unless STORE=embedded`),
    ...[base].filter(isVariable).map((variable) =>
      excludes(
        (env) => {
          const url = env[variable];
          return env.ENVIRONMENT !== 'local' && typeof url === 'string' && !url.startsWith('https:');
        },
        variable,
        'must be an https URL unless ENVIRONMENT=local: refresh tokens are sent there',
      ),
    ),
  ];
};

/** What must hold between variables. Each rule names the variable to change. */
export const environmentRules: readonly Rule[] = [
  needs((env) => env.REVIEWER === 'model', 'REVIEWER_URL', 'with REVIEWER=model'),
  needs(
    (env) => env.STORE === 'postgres' && env.DATABASE_HOST === undefined,
    'DATABASE_URL',
    'with STORE=postgres, or DATABASE_HOST, DATABASE_NAME and DATABASE_SECRET_ARN',
  ),
  excludes(
    (env) => env.DATABASE_URL !== undefined && env.DATABASE_HOST !== undefined,
    'DATABASE_URL',
    'must not be given with DATABASE_HOST: choose one of them',
  ),
  needs((env) => env.DATABASE_HOST !== undefined, 'DATABASE_NAME', 'with DATABASE_HOST'),
  needs((env) => env.DATABASE_HOST !== undefined, 'DATABASE_SECRET_ARN', 'with DATABASE_HOST'),
  needs((env) => env.DATABASE_HOST !== undefined, 'AWS_REGION', 'with DATABASE_HOST: its secret is read there'),
  ...(['DATABASE_NAME', 'DATABASE_SECRET_ARN', 'DATABASE_CA_FILE'] as const).map((variable) =>
    excludes(
      (env) => env[variable] !== undefined && env.DATABASE_HOST === undefined,
      variable,
      'needs DATABASE_HOST; what belongs to DATABASE_URL is written in it',
    ),
  ),
  excludes(
    (env) => env.DATABASE_CA_FILE !== undefined && env.DATABASE_TLS === 'off',
    'DATABASE_CA_FILE',
    'needs DATABASE_TLS=verify-full',
  ),
  // The password would travel in the clear.
  excludes(
    (env) => env.DATABASE_TLS === 'off' && env.ENVIRONMENT !== 'local' && env.AWS_ENDPOINT_URL === undefined,
    'DATABASE_TLS',
    'must be verify-full unless ENVIRONMENT=local or AWS_ENDPOINT_URL names an emulator',
  ),
  needs((env) => env.STORE === 'dynamodb', 'AWS_REGION', 'with STORE=dynamodb'),
  ...upstreams.flatMap(upstreamRules),
  ...providersOf(packNames).flatMap(providerRules),
  needs((env) => env.AUDIT_ANCHOR_BUCKET !== undefined, 'AWS_REGION', 'with AUDIT_ANCHOR_BUCKET'),
  needs((env) => env.AUDIT_EXPORT_BUCKET !== undefined, 'AWS_REGION', 'with AUDIT_EXPORT_BUCKET'),
  excludes(
    (env) => env.AUDIT_EXPORT_FOLDER !== undefined && env.AUDIT_EXPORT_BUCKET !== undefined,
    'AUDIT_EXPORT_FOLDER',
    'must not be given with AUDIT_EXPORT_BUCKET: choose one of them',
  ),
  needs((env) => env.JOBS_QUEUE_URL !== undefined, 'AWS_REGION', 'with JOBS_QUEUE_URL'),
  needs((env) => env.OBJECTS_BUCKET !== undefined, 'AWS_REGION', 'with OBJECTS_BUCKET'),
  needs(
    (env) => env.ENVIRONMENT !== 'local' && packsGranted(env.TOOL_PACKS, 'objects').length > 0,
    'OBJECTS_BUCKET',
    'with a pack that keeps objects, unless ENVIRONMENT=local: the folder of a task is lost with it, and no other task has it',
  ),
  needs((env) => env.HOME_REGION !== undefined, 'AWS_REGION', 'with HOME_REGION'),
  excludes(
    (env) => env.HOME_REGION !== undefined && env.STORE === 'embedded',
    'HOME_REGION',
    'needs STORE=dynamodb or STORE=postgres: an embedded store has one process and no copies',
  ),
  excludes(
    (env) => env.HOME_REGION !== undefined && !env.HOME_REGIONS.includes(env.HOME_REGION),
    'HOME_REGION',
    'must be one of HOME_REGIONS',
  ),
  excludes(
    (env) => env.HOME_REGIONS.length > 0 && !env.HOME_REGIONS.includes(env.AWS_REGION ?? ''),
    'HOME_REGIONS',
    'must name AWS_REGION too, in which this process runs',
  ),
  excludes(
    (env) => env.HOME_REGIONS.length > 0 && env.HOME_REGION === undefined,
    'HOME_REGIONS',
    'needs HOME_REGION: one of them may write',
  ),
  needs((env) => env.STORE !== 'embedded', 'ENCRYPTION_KEY', 'unless STORE=embedded'),
  needs((env) => env.SSO_ISSUER !== undefined, 'SSO_CLIENT_ID', 'with SSO_ISSUER'),
  needs((env) => env.ENVIRONMENT !== 'local', 'PUBLIC_URL', 'unless ENVIRONMENT=local'),
  needs(
    (env) => env.ENVIRONMENT !== 'local',
    'SSO_ISSUER',
    'unless ENVIRONMENT=local: demo people are for the sandbox',
  ),
  needs((env) => env.DEMO_PEOPLE === false, 'SSO_ISSUER', 'with DEMO_PEOPLE=false: otherwise nobody could sign in'),
  excludes(
    (env) => env.DEMO_PEOPLE === true && env.SSO_ISSUER !== undefined,
    'DEMO_PEOPLE',
    'must be false with SSO_ISSUER: people sign in there',
  ),
  excludes(
    (env) => env.DEMO_PEOPLE === true && env.ENVIRONMENT !== 'local',
    'DEMO_PEOPLE',
    'must be false unless ENVIRONMENT=local: demo people have no passwords',
  ),
  excludes(
    (env) => env.HOST !== undefined && !isLoopback(env.HOST) && hasDemoPeople(env) && !env.SANDBOX_ON_NETWORK,
    'HOST',
    'must be 127.0.0.1, ::1 or localhost with demo people: whoever reaches it may act as any demo person. If something else keeps others out, set SANDBOX_ON_NETWORK=true',
  ),
  // Tokens, codes and keys travel over each of these.
  ...(['PUBLIC_URL', 'SSO_ISSUER', 'AUTH_ISSUER', 'AUTH_JWKS_URL'] as const).map((variable) =>
    excludes(
      (env) => env.ENVIRONMENT !== 'local' && env[variable]?.startsWith('http:') === true,
      variable,
      'must be https unless ENVIRONMENT=local',
    ),
  ),
  excludes(
    (env) => env.PUBLIC_URL !== undefined && new URL(env.PUBLIC_URL).origin !== env.PUBLIC_URL.replace(/\/$/, ''),
    'PUBLIC_URL',
    'must be an origin without a path, such as https://mcp.example.com',
  ),
  excludes(
    (env) => env.AUTH_JWKS_URL !== undefined && env.AUTH_ISSUER === undefined,
    'AUTH_JWKS_URL',
    'needs AUTH_ISSUER',
  ),
  excludes(
    (env) => env.AUTH_TOKEN_TYPE !== 'at+jwt' && env.AUTH_ISSUER === undefined,
    'AUTH_TOKEN_TYPE',
    'needs AUTH_ISSUER: our own tokens are at+jwt',
  ),
  excludes(
    (env) => env.METRICS_PORT !== 0 && env.METRICS_PORT === env.PORT,
    'METRICS_PORT',
    'must differ from PORT: metrics are not for the public listener',
  ),
  excludes(
    // ECS kills 120 seconds after SIGTERM at the latest.
    (env) => env.SHUTDOWN_DELAY_SECONDS + env.SHUTDOWN_GRACE_SECONDS > 115,
    'SHUTDOWN_DELAY_SECONDS',
    'must be at most 115 together with SHUTDOWN_GRACE_SECONDS',
  ),
  excludes(
    (env) => env.CLIENT_METADATA_HOSTS.includes('none') && env.CLIENT_METADATA_HOSTS.length > 1,
    'CLIENT_METADATA_HOSTS',
    'must be hosts, or none alone',
  ),
  excludes(
    // A proxy that is not trusted would be taken for the gateway, whatever comes through it.
    (env) =>
      !env.AUTHORIZER_CONTEXT_FROM.every((block) => env.TRUSTED_PROXIES.some((proxy) => cidrContains(proxy, block))),
    'AUTHORIZER_CONTEXT_FROM',
    'must lie inside TRUSTED_PROXIES',
  ),
  excludes(
    (env) => !Object.keys(env.SECRETS_FROM).every(isSecret),
    'SECRETS_FROM',
    'names a variable that is no secret',
  ),
  excludes((env) => env.TOOL_PACKS.length === 0, 'TOOL_PACKS', 'must name at least one pack'),
];
