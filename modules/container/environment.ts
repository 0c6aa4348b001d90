/**
 * The environment of the container, from the settings and from what the layers below made. A variable that
 * contracts/environment.ts does not know does not compile.
 */
import { LONGEST_WAIT_SECONDS } from '../../contracts/calls.ts';
import type { VariableName } from '../../contracts/environment.ts';
import { enabled, packsGranted } from '../../contracts/packs/index.ts';
import type { VariableSource } from '../../contracts/packs/pack.ts';
import { offeredRoles } from '../../contracts/scopes.ts';
import { callerClaims } from '../../contracts/settings/caller-claims.ts';
import type { Settings } from '../../contracts/settings/resolve.ts';
import type { Shape } from '../../contracts/settings/shape.ts';
import { drainSeconds, STOP_MARGIN } from '../../contracts/settings/stopping.ts';
import type { AuthOutputs, Colour, StorageOutputs } from '../stacks/outputs.ts';

export interface ContainerSurroundings {
  readonly settings: Settings;
  readonly shape: Shape;
  readonly region: string;
  readonly storage: StorageOutputs;
  readonly auth: AuthOutputs;
  /** Origin people and clients type, without a path. */
  readonly publicUrl: string;
  /** Which of several colours the container is of. Absent where there is one, whose task definition then names none. */
  readonly colour?: Colour | undefined;
  /** URLs of the work queues, by their name in the contract or the settings. */
  readonly queueUrls: Readonly<Record<string, string>>;
  /** Configuration set that mails are sent through. */
  readonly mailSet: string;
  /** Port the container listens on; each colour has its own. */
  readonly port: number;
}

// Each part is a whole literal: behind a spread a misspelt name would compile.
type Variables = Readonly<Partial<Record<VariableName, string | undefined>>>;
type Part = (from: ContainerSurroundings) => Variables;

const list = (items: readonly string[]): string | undefined => (items.length > 0 ? items.join(',') : undefined);

/** Seconds that a call has left for its answer when its wait ends. */
const ANSWER_SECONDS = 4;

/** The longest a call may be silent, by whatever stands before the service. Undefined where the service's default is shorter. */
const longestWait = ({ settings, shape }: ContainerSurroundings): string | undefined => {
  const fronts = [
    ...(shape.httpApi ? [Math.floor(settings.api_timeout_ms / 1000)] : []),
    ...(shape.targetGroups ? [settings.alb_idle_timeout_seconds] : []),
    ...(shape.containers ? [] : [settings.lambda_timeout_seconds]),
  ];
  const seconds = Math.min(...fronts) - ANSWER_SECONDS;
  return seconds < LONGEST_WAIT_SECONDS ? String(Math.max(1, seconds)) : undefined;
};

/** Seconds in which a load balancer finds a target unhealthy and stops sending requests to it, and a few to spare. */
const shutdownDelay = ({ settings, shape }: ContainerSurroundings): number =>
  shape.targetGroups ? drainSeconds(settings) : 0;

const process: Part = ({ settings, shape, region, publicUrl, colour, port }) => ({
  ENVIRONMENT: settings.environment,
  DEPLOYMENT_COLOUR: colour,
  HOST: '0.0.0.0',
  PORT: String(port),
  PUBLIC_URL: publicUrl,
  ALLOWED_ORIGINS: list(settings.cors_origins),
  // The load balancer and a VPC origin call from inside the VPC. Before a public origin stands CloudFront, whose own
  // address the service then sees: to trust its ranges would be to trust every distribution, and anyone can run one
  // that writes X-Forwarded-For as it likes.
  TRUSTED_PROXIES: shape.targetGroups ? settings.vpc_cidr : undefined,
  // Where the VPC link is; nobody outside has an address there.
  AUTHORIZER_CONTEXT_FROM: shape.vpcLink ? list(settings.private_cidrs) : undefined,
  LOG_LEVEL: settings.log_level,
  AWS_REGION: region,
  METRICS_FORMAT: 'emf',
  // The collector beside the container: every compute mode with containers has it on the same network.
  OTEL_EXPORTER_OTLP_ENDPOINT: settings.xray && shape.containers ? 'http://localhost:4318' : undefined,
});

const connections: Part = (from) => {
  const { settings, shape } = from;
  const delay = shutdownDelay(from);
  return {
    // Above the balancer's idle timeout, or it sends a request into a connection that the service just closed.
    KEEP_ALIVE_SECONDS: shape.targetGroups ? String(settings.alb_idle_timeout_seconds + 5) : undefined,
    LONGEST_WAIT_SECONDS: longestWait(from),
    SHUTDOWN_DELAY_SECONDS: String(delay),
    SHUTDOWN_GRACE_SECONDS: String(Math.max(0, settings.stop_timeout_seconds - STOP_MARGIN - delay)),
  };
};

const packs: Part = ({ settings }) => ({
  TOOL_PACKS: list(settings.tool_packs),
  TIME_ZONE: settings.time_zone,
  APPROVE_ON_PAGE_ONLY: String(settings.approve_on_page_only),
  APPROVE_WITHOUT_EMAIL: String(settings.approve_without_email),
  CONFIRM_BY_TOOL: String(settings.confirm_by_tool),
  USUAL_NOTICES: settings.usual_notices,
});

const written = (value: unknown): string | undefined =>
  Array.isArray(value) ? list(value.map(String)) : value === undefined ? undefined : String(value);

const sourced = (source: VariableSource, { settings, region }: ContainerSurroundings): string | undefined =>
  'value' in source
    ? source.value
    : (written(Object.entries(settings).find(([name]) => name === source.setting)?.[1]) ??
      (source.otherwise === 'region' ? region : undefined));

/** What the enabled packs take from the settings. */
const ofPacks = (from: ContainerSurroundings): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    enabled(from.settings.tool_packs).flatMap(([, { environment = {} }]) =>
      Object.entries(environment).flatMap(([name, source]) =>
        source === undefined ? [] : [[name, sourced(source, from)] as const],
      ),
    ),
  );

/** Mail, objects and the queue of jobs, where the environment has them. */
const granted = ({ settings, storage, mailSet, queueUrls }: ContainerSurroundings): Variables => ({
  JOBS_QUEUE_URL: settings.job_queue === 'sqs' ? queueUrls.jobs : undefined,
  // Without a sender the service sends no mail.
  ...(settings.notices &&
    settings.mail_from !== undefined && { MAIL_FROM: settings.mail_from, MAIL_CONFIGURATION_SET: mailSet }),
  OBJECTS_BUCKET: packsGranted(settings.tool_packs, 'objects').length > 0 ? storage.buckets.data?.name : undefined,
});

const store: Part = ({ settings, shape, storage }): Variables => {
  switch (settings.store_mode) {
    case 'dynamodb':
      return { STORE: 'dynamodb', TABLE_PREFIX: settings.table_prefix };
    case 'postgres':
      return {
        STORE: 'postgres',
        DATABASE_HOST: storage.database?.host,
        DATABASE_PORT: storage.database?.port,
        DATABASE_NAME: storage.database?.name,
        DATABASE_SECRET_ARN: storage.database?.secretArn,
        // Where the Dockerfile puts Amazon's authorities, and where Lambda's own runtime has them.
        DATABASE_CA_FILE: shape.containers ? '/app/rds-global-bundle.pem' : '/var/runtime/ca-cert.pem',
      };
    case 'none':
      return {};
  }
};

/** The home until the first failover is the primary region, whatever `home_region` has become: see contracts/home.ts. */
const home: Part = ({ settings, shape }): Variables =>
  shape.sharedState
    ? {
        HOME_REGION: settings.primary_region,
        HOME_REGIONS: list([...settings.regions].toSorted()),
        TABLE_PREFIX: settings.table_prefix,
      }
    : {};

const signIn: Part = ({ settings, shape, auth }): Variables => {
  const cognito = settings.auth === 'cognito';
  // The user pool has a group of every role's own name.
  const ownGroups = cognito ? Object.fromEntries(offeredRoles(settings.tool_packs).map((role) => [role, [role]])) : {};
  return {
    SSO_ISSUER: cognito ? auth.issuer : settings.sso_issuer,
    SSO_CLIENT_ID: cognito ? auth.clientId : settings.sso_client_id,
    SSO_SCOPES: cognito ? 'openid,email,profile' : undefined,
    AUTH_ISSUER: settings.auth_issuer,
    AUTH_TOKEN_TYPE: settings.auth_token_type,
    ROLES_CLAIM: settings.roles_claim,
    OWNER_CLAIM: settings.owner_claim,
    TEAM_CLAIM: settings.team_claim,
    TOKEN_CLAIMS: shape.authorizer ? list(callerClaims(settings).map(([, claim]) => claim)) : undefined,
    ROLE_MAP: JSON.stringify({ ...ownGroups, ...settings.role_map }),
  };
};

const audit: Part = ({ settings, storage }): Variables => ({
  AUDIT_ANCHOR_BUCKET: storage.buckets.archive?.name,
  AUDIT_EXPORT_BUCKET: settings.audit_export ? storage.buckets.archive?.name : undefined,
});

const parts = [process, connections, packs, ofPacks, granted, store, home, audit, signIn] as const;

const own = (from: ContainerSurroundings): Record<string, string> =>
  Object.fromEntries(
    parts
      .flatMap((part) => Object.entries(part(from)))
      .filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/**
 * Variable to value, without secrets (see secrets.ts). container_env wins; a custom container gets nothing else. On
 * Lambda leave AWS_REGION out: its runtime sets it and refuses another.
 */
export const containerEnvironment = (from: ContainerSurroundings): Readonly<Record<string, string>> => ({
  ...(from.settings.container === 'countersign' ? own(from) : {}),
  ...from.settings.container_env,
});
