/**
 * What an instance does when it boots: installs what its image lacks, and runs the container as a systemd service. No
 * secret stands in here: each is read with the instance's role when the container starts, and stays in memory.
 */

/** A secret's ARN, and the key in its JSON. */
export interface SecretSource {
  readonly arn: string;
  readonly key?: string | undefined;
}

export interface BootProps {
  readonly name: string;
  readonly image: string;
  readonly region: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, SecretSource>>;
  readonly logGroup: string;
  readonly logStreamPrefix: string;
  readonly user?: string | undefined;
  readonly readonlyRoot: boolean;
  /** Seconds from SIGTERM to SIGKILL. */
  readonly stopTimeout: number;
  /** Another container beside it on the host's network. */
  readonly sidecar?: { readonly name: string; readonly image: string; readonly command: readonly string[] } | undefined;
}

// A reference never holds a quote.
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** `export NAME='value'`: values may hold anything, which an env file of Docker may not. */
const variables = (environment: BootProps['environment']): string[] =>
  Object.entries(environment)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `export ${name}=${quoted(value)}`);

const secretLines = (secrets: BootProps['secrets']): string[] =>
  Object.entries(secrets)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, { arn, key }]) => [`${name}=$(secret ${quoted(arn)} ${quoted(key ?? '')})`, `export ${name}`]);

const registryOf = (image: string): string => image.split('/')[0] ?? '';
const isPrivateRegistry = (image: string): boolean => /^\d{12}\.dkr\.ecr\./.test(image);

const logging = ({ region, logGroup, logStreamPrefix }: BootProps, stream: string): string[] => [
  '--log-driver awslogs',
  `--log-opt awslogs-region=${region}`,
  `--log-opt awslogs-group=${quoted(logGroup)}`,
  `--log-opt awslogs-stream=${logStreamPrefix}/${stream}/$INSTANCE`,
  '--log-opt mode=non-blocking',
];

const runService = (props: BootProps): string[] => {
  const names = [...Object.keys(props.environment), ...Object.keys(props.secrets)].sort();
  return [
    'docker run --rm --init',
    `--name ${props.name}`,
    // The role's credentials are one hop away, which is all the metadata service allows: containers on Docker's own
    // network are two hops away and get none.
    '--network host',
    '--security-opt no-new-privileges',
    ...(props.readonlyRoot ? ['--read-only --tmpfs /tmp:rw,nosuid,nodev,size=64m'] : []),
    // An image that runs as root may need root's capabilities.
    ...(props.user === undefined ? [] : [`--user ${props.user} --cap-drop ALL`]),
    `--stop-timeout ${props.stopTimeout}`,
    ...logging(props, props.name),
    // By name only: values stay out of the process list.
    ...names.map((name) => `--env ${name}`),
    quoted(props.image),
  ];
};

/** Only when the image is not here yet: a restart must not need the registry. The login goes once it has served. */
const pullLines = (image: string): string[] => [
  `if ! docker image inspect ${quoted(image)} >/dev/null 2>&1; then`,
  `  aws ecr get-login-password | docker login --username AWS --password-stdin ${registryOf(image)}`,
  `  docker pull --quiet ${quoted(image)}`,
  `  docker logout ${registryOf(image)}`,
  'fi',
];

/** Fails as a whole, so that systemd tries again, when one secret cannot be read. */
const startScript = (props: BootProps): string[] => [
  '#!/bin/bash',
  'set -euo pipefail',
  `export AWS_DEFAULT_REGION=${props.region}`,
  'metadata() { curl -sf -H "X-aws-ec2-metadata-token: $TOKEN" "http://169.254.169.254/latest/meta-data/$1"; }',
  'TOKEN=$(curl -sf -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" http://169.254.169.254/latest/api/token)',
  'INSTANCE=$(metadata instance-id)',
  'secret() {',
  '  aws secretsmanager get-secret-value --secret-id "$1" --query SecretString --output text |',
  `    KEY="$2" python3 -c 'import json,os,sys; t=sys.stdin.read().rstrip("\\n"); k=os.environ["KEY"]; print(json.loads(t)[k] if k else t)'`,
  '}',
  ...(isPrivateRegistry(props.image) ? pullLines(props.image) : []),
  ...secretLines(props.secrets),
  ...variables(props.environment),
  ...(props.sidecar === undefined ? [] : sidecarLines(props, props.sidecar)),
  `exec ${runService(props).join(' ')}`,
];

const sidecarLines = (props: BootProps, sidecar: NonNullable<BootProps['sidecar']>): string[] => [
  `docker rm --force ${sidecar.name} || true`,
  `docker run --detach --restart on-failure --name ${sidecar.name} --network host --read-only ${logging(props, sidecar.name).join(' ')} --env AWS_REGION=${props.region} ${[sidecar.image, ...sidecar.command].map(quoted).join(' ')} || true`,
];

const unit = ({ name, stopTimeout }: BootProps): string[] => [
  '[Unit]',
  `Description=${name}`,
  'After=docker.service network-online.target',
  'Requires=docker.service',
  'Wants=network-online.target',
  '[Service]',
  `ExecStartPre=-/usr/bin/docker rm --force ${name}`,
  `ExecStart=/usr/local/bin/start-${name}`,
  `ExecStop=/usr/bin/docker stop ${name}`,
  `TimeoutStopSec=${stopTimeout + 10}`,
  'TimeoutStartSec=0',
  'Restart=always',
  'RestartSec=10',
  '[Install]',
  'WantedBy=multi-user.target',
];

const file = (path: string, mode: string, lines: readonly string[]): string[] => [
  `install -m ${mode} /dev/null ${path}`,
  `cat > ${path} <<'END_OF_FILE'`,
  ...lines,
  'END_OF_FILE',
];

/** The image that a script of `userData` runs; undefined where it is none of ours. */
export const imageIn = (script: string): string | undefined => /^exec docker run .* '([^']+)'$/m.exec(script)?.[1];

/** The script cloud-init runs once, as text with Terraform's references in it. */
export const userData = (props: BootProps): string =>
  [
    '#!/bin/bash',
    'set -euo pipefail',
    'command -v docker >/dev/null || dnf install -y docker',
    'command -v aws >/dev/null || dnf install -y awscli-2',
    'systemctl enable --now docker',
    'systemctl enable --now amazon-ssm-agent || true',
    ...file(`/usr/local/bin/start-${props.name}`, '0700', startScript(props)),
    ...file(`/etc/systemd/system/${props.name}.service`, '0644', unit(props)),
    'systemctl daemon-reload',
    `systemctl enable --now ${props.name}`,
    '',
  ].join('\n');
