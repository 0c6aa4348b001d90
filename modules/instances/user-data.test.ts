import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { type BootProps, imageIn, userData } from './user-data.ts';

const run = promisify(execFile);
const arn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:keys-AbCdEf';
const props: BootProps = {
  name: 'mcp-server',
  image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign:v1',
  region: 'us-east-1',
  environment: { ROLE_MAP: `{"it's":["admin"]}`, TWO_LINES: 'one\ntwo' },
  secrets: { ENCRYPTION_KEY: { arn, key: 'encryption_key' }, PLAIN: { arn: `${arn}2` } },
  logGroup: '/aws/ecs/app',
  logStreamPrefix: 'ecs',
  user: '1000:1000',
  readonlyRoot: true,
  stopTimeout: 30,
};

/** Stand-ins for what is on an instance; docker says what it was called with and what it was handed. */
const commands = {
  curl: 'echo i-0123',
  aws: `case "$*" in
  *"${arn}2 "*) echo 'a plain secret' ;;
  *"${arn} "*) echo '{"encryption_key":"k3y","other":"x"}' ;;
  *get-login-password*) echo password ;;
  *) exit 1 ;;
esac`,
  docker: `echo "$*" >> "$CALLS"
case "$1" in
  image) exit 1 ;;
  login) cat > /dev/null ;;
  run) printf '%s|' "$ENCRYPTION_KEY" "$PLAIN" "$ROLE_MAP" "$TWO_LINES" >> "$CALLS" ;;
esac`,
};

describe('booting', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'boot-'));
    for (const [name, body] of Object.entries(commands)) {
      await writeFile(join(folder, name), `#!/bin/bash\n${body}\n`);
      await chmod(join(folder, name), 0o755);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** The script that systemd starts, out of the one that cloud-init runs. */
  const startScript = (changes: Partial<BootProps> = {}): string =>
    /start-mcp-server <<'END_OF_FILE'\n([\s\S]*?)\nEND_OF_FILE/.exec(userData({ ...props, ...changes }))?.[1] ?? '';

  const start = async (changes: Partial<BootProps> = {}): Promise<string> => {
    const calls = join(folder, 'calls');
    await rm(calls, { force: true });
    await writeFile(join(folder, 'start'), startScript(changes));
    const PATH = `${folder}${delimiter}${env.PATH}`;
    await run('bash', [join(folder, 'start')], { env: { PATH, CALLS: calls } });
    return readFile(calls, 'utf8');
  };

  it('is a script that bash can read', async () => {
    await writeFile(
      join(folder, 'user-data'),
      userData({ ...props, sidecar: { name: 'x', image: 'y:1', command: [] } }),
    );
    await run('bash', ['-n', join(folder, 'user-data')]);
  });

  it('pulls the image with the role’s own login, and leaves none behind', async () => {
    const [inspect, login, pull, logout] = (await start()).split('\n');
    expect(inspect).toMatch(/^image inspect /);
    expect(login).toBe('login --username AWS --password-stdin 111122223333.dkr.ecr.us-east-1.amazonaws.com');
    expect(pull).toBe(`pull --quiet ${props.image}`);
    expect(logout).toMatch(/^logout /);
    expect(await start({ image: 'ghcr.io/example-org/example-app:v1' })).not.toContain('login');
  });

  it('hands the container its variables and secrets, by name only', async () => {
    const calls = await start();
    expect(calls).toContain(`k3y|a plain secret|{"it's":["admin"]}|one\ntwo|`);
    const command = calls.split('\n').find((line) => line.startsWith('run'));
    expect(command).toContain('--env ENCRYPTION_KEY --env PLAIN --env ROLE_MAP --env TWO_LINES');
    expect(command).not.toContain('k3y');
    expect(userData(props)).not.toContain('k3y');
  });

  it('runs it where the credentials are, hardened, and logs to CloudWatch', async () => {
    const command = (await start()).split('\n').find((line) => line.startsWith('run'));
    for (const part of [
      '--network host',
      '--security-opt no-new-privileges',
      '--read-only --tmpfs /tmp:rw,nosuid,nodev,size=64m',
      '--user 1000:1000 --cap-drop ALL',
      '--stop-timeout 30',
      '--log-driver awslogs',
      '--log-opt awslogs-group=/aws/ecs/app',
      '--log-opt awslogs-stream=ecs/mcp-server/i-0123',
    ])
      expect(command).toContain(part);
  });

  it('tells which image it runs, beside whatever else', () => {
    const sidecar = { name: 'x', image: 'y:1', command: ['z'] };
    expect(imageIn(userData({ ...props, sidecar }))).toBe(props.image);
    expect(imageIn('#!/bin/bash\necho hello')).toBeUndefined();
  });

  it('does not start with a secret missing', async () => {
    await expect(start({ secrets: { GONE: { arn: 'arn:aws:secretsmanager:::secret:gone' } } })).rejects.toThrow();
  });

  it('starts the collector beside it only when there is one', async () => {
    expect(await start()).not.toContain('--detach');
    const sidecar = { name: 'xray-collector', image: 'collector:v1', command: ['--config=a'] };
    expect(await start({ sidecar })).toMatch(/run --detach .* --name xray-collector .* collector:v1 --config=a\n/);
  });
});
