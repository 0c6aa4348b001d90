/** What an environment is called, and that no two files make the same things. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repository } from '../testing/synthesized.ts';
import { environmentNames, readEnvironment } from './read.ts';

const text = await readFile(join(repository, 'environments/dev.tfvars'), 'utf8');
/** The development environment, some of its lines replaced and some added. */
const dev = (...changes: readonly string[]): string =>
  changes.reduce((file, line) => {
    const [setting = ''] = line.split(' ');
    const own = new RegExp(`^${setting} *=.*$`, 'm');
    return own.test(file) ? file.replace(own, line) : `${file}${line}\n`;
  }, text);

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'countersign-names-'));
  await mkdir(join(root, 'environments'));
});
afterEach(() => rm(root, { recursive: true }));

const put = async (file: string, content: string): Promise<void> => {
  const path = join(root, 'environments', file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
};
const primary = async (name: string) => (await readEnvironment(root, name)).regions[0];
const refused = (name: string): Promise<string> =>
  readEnvironment(root, name).then(
    () => 'nothing',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('the name of an environment', () => {
  it.each([
    ['mine.tfvars', 'mine', 'mine', 'mine'],
    ['my env.tfvars', 'my-env', 'my-env', 'my-env'],
    ['EU.Prod.tfvars', 'EU.Prod', 'eu-prod', 'eu-prod'],
    ['team/qa.tfvars', 'team/qa', 'team-qa', 'team-qa'],
    ['examples/shop/qa.tfvars', 'examples/shop/qa', 'shop-qa', 'qa'],
    ['json.tfvars.json', 'json', 'json', 'json'],
  ])('is that of its file: %s', async (file, name, label, environment) => {
    const json = JSON.stringify({ project_name: 'shop', account_id: '111122223333', regions: ['us-east-1'] });
    const lambda = { compute_mode: 'lambda', ingress_mode: 'api-gateway', store_mode: 'dynamodb', auth: 'cognito' };
    const named = { domain_name: 'a.example.com', hosted_zone_id: 'Z0123456789' };
    await put(file, file.endsWith('.json') ? JSON.stringify({ ...JSON.parse(json), ...lambda, ...named }) : dev());
    expect(await environmentNames(root)).toEqual([name]);
    expect(await readEnvironment(root, name)).toMatchObject({ name, label, file: `environments/${file}` });
    for (const asked of [label, file.replace(/\.tfvars(\.json)?$/, '')])
      expect(await readEnvironment(root, asked)).toMatchObject({ name });
    expect(await readEnvironment(root, `environments/${file}`)).toMatchObject({ name });
    expect(await primary(name)).toMatchObject({ environment, state_region: 'us-east-1' });
  });

  it('is free, and may be given in the file', async () => {
    await put('blue.tfvars', dev('environment = "eu-prod"', 'kind = "staging"'));
    expect(await primary('blue')).toMatchObject({
      environment: 'eu-prod',
      kind: 'staging',
      name_prefix: 'countersign-eu-prod',
      secret_prefix: 'countersign/eu-prod',
    });
  });

  it('is followed by a copy, which makes things of its own', async () => {
    await put('dev.tfvars', text);
    await put('mine.tfvars', text);
    expect(await primary('mine')).toMatchObject({ environment: 'mine', kind: 'dev', name_prefix: 'countersign-mine' });
    expect(await primary('dev')).toMatchObject({ environment: 'dev' });
  });

  it('is refused where the file gives none that can be used', async () => {
    await put('local.tfvars', text);
    await put(`${'long-'.repeat(20)}.tfvars`, text);
    await put('環境.tfvars', text);
    expect(await refused('local')).toContain('It is the name of the file: rename it, or set environment');
    expect(await refused('long-'.repeat(20))).toContain('environment must be 1 to 24 lower-case letters');
    expect(await refused('環境')).toContain('environments/環境.tfvars has a name without letters a to z or digits');
  });
});

describe('two files', () => {
  const both = async (one: string, other: string, says: string): Promise<void> => {
    for (const name of [one, other]) {
      const said = await refused(name);
      expect(said).toMatch(/^EnvironmentError: /);
      for (const each of [one, other]) expect(said).toMatch(new RegExp(`environments/${each}\\.tfvars`));
      expect(said).toContain(says);
    }
  };

  it.each([
    ['a copy that gives the name', dev('environment = "staging"')],
    ['one that differs in its layers', dev('environment = "staging"', 'state_layout = "layered"')],
    ['one of other names, in the same bucket', dev('environment = "staging"', 'name_prefix = "other"')],
  ])('never keep one state: %s', async (_, qa) => {
    await put('staging.tfvars', text);
    await put('qa.tfvars', qa);
    await both(
      'qa',
      'staging',
      'would keep their state in one place, s3://countersign-111122223333-terraform-state/countersign/staging/us-east-1',
    );
  });

  it('never keep one state in any of their regions', async () => {
    const [zones, regions] = ['"us-east-1a", "us-east-1b", "us-east-1c"', 'regions = ["eu-west-1", "us-east-1"]'];
    const other = `region_settings = { us-east-1 = { availability_zones = [${zones}] } }`;
    const europe = dev('environment = "dev"', regions, other, 'auth = "sso"', 'home_region = "eu-west-1"').replace(
      /^availability_zones.*$/m,
      'availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]\nsso_issuer = "https://a.example.com"\nsso_client_id = "a"',
    );
    await put('dev.tfvars', text);
    await put('europe.tfvars', europe);
    await both('europe', 'dev', 'would keep their state in one place');
  });

  it('may be called the same in two accounts, and two systems in one', async () => {
    await put('dev.tfvars', text);
    await put('there.tfvars', dev('environment = "dev"', 'account_id = "444455556666"'));
    await put('shop.tfvars', dev('environment = "dev"', 'project_name = "shop"'));
    for (const name of ['dev', 'there', 'shop']) expect(await refused(name)).toBe('nothing');
  });

  it.each([
    ['name_prefix', '"countersign-dev"', [] as string[]],
    ['name_prefix', '"countersign-dev"', ['environment = "dev"', 'state_bucket = "elsewhere"']],
    ['secret_prefix', '"countersign/dev"', []],
    ['table_prefix', '"countersign-dev-"', []],
  ])('never give their resources the same names: %s = %s with %j', async (setting, value, more) => {
    await put('dev.tfvars', text);
    await put('mine.tfvars', dev(`${setting} = ${value}`, ...more));
    await both(
      'mine',
      'dev',
      `the same names in account 111122223333: ${setting} is ${value} in both. Give one of them`,
    );
  });

  it('never give one resource the same name, where AWS takes a name once', async () => {
    await put('dev.tfvars', dev('names = { cluster = "shared", service = "web", task-role = "Tasks" }'));
    await put('mine.tfvars', dev('names = { cluster = "shared" }'));
    await both('mine', 'dev', 'names.cluster is "shared" in both');
    await put('mine.tfvars', dev('names = { task-role = "Tasks" }'));
    await both('mine', 'dev', 'names.task-role is "Tasks" in both');
    await put('mine.tfvars', dev('names = { service = "web" }'));
    expect(await refused('mine')).toBe('nothing');
  });

  it('never give one what the other is called without being told', async () => {
    await put('dev.tfvars', text);
    await put('mine.tfvars', dev('names = { load-balancer = "countersign-dev-alb" }'));
    await both('mine', 'dev', 'names.load-balancer is "countersign-dev-alb" in both');
    await put('mine.tfvars', dev('names = { target-group = "countersign-dev-tg" }'));
    await both('mine', 'dev', 'names.target-group is "countersign-dev-tg" in both');
  });

  it.each([
    ['names.data-bucket', 'names = { data-bucket = "our-data" }', '"our-data"', ['eu-west-1']],
    ['cognito_domain_prefix', 'cognito_domain_prefix = "sign-in"', '"sign-in"', []],
  ])('never share what is taken once in all accounts: %s', async (setting, line, value, [region]) => {
    await put('dev.tfvars', dev(line));
    const there = dev(line, 'account_id = "444455556666"');
    await put('mine.tfvars', region === undefined ? there : there.replaceAll('us-east-1', region));
    await both('mine', 'dev', `which AWS takes once, whatever the account: ${setting} is ${value} in both`);
  });

  it('are told where both make what an account has one of', async () => {
    const [own, guard, money] = ['domain_name = "mine.example.com"', 'guardduty = true', 'cost_anomaly_usd = 5'];
    const notices = async () => (await readEnvironment(root, 'mine')).notices;
    await put('dev.tfvars', dev(guard, money));
    await put('mine.tfvars', dev(own, guard));
    expect(await notices()).toEqual([expect.stringContaining('set guardduty = false where the other made it')]);
    await put('mine.tfvars', dev(own, money));
    expect(await notices()).toEqual([expect.stringContaining('leave cost_anomaly_usd out of one of them')]);
    await put('mine.tfvars', dev(own, guard, money, 'account_id = "444455556666"'));
    expect(await notices()).toEqual([]);
    await put(
      'examples/shop/dev.tfvars',
      await readFile(join(root, 'environments/dev.tfvars'), 'utf8').then((copy) => `${copy}environment = "shop"\n`),
    );
    expect((await readEnvironment(root, 'dev')).notices).toEqual([]);
  });

  it('never let the workflows of one change what is the other’s', async () => {
    await put('eu.tfvars', dev('github_repository = "example/countersign"'));
    await put('eu-prod.tfvars', dev('kind = "prod"', 'execute_command = false'));
    await both('eu', 'eu-prod', 'may change whatever is called countersign-eu-*');
    await put('eu.tfvars', text);
    expect(await refused('eu')).toBe('nothing');
  });

  it('never share the names of their stacks', async () => {
    await put('shop-dev.tfvars', text);
    await put('examples/shop/dev.tfvars', dev('project_name = "shop"'));
    await both('shop-dev', 'examples/shop/dev', 'would both have stacks that begin with shop-dev-');
    await rm(join(root, 'environments/examples'), { recursive: true });
    await put('shop-dev.tfvars.json', '{}');
    await both('shop-dev', 'shop-dev', 'are both the environment "shop-dev": rename or remove one');
  });

  it('are told where they have one domain name, which one may take over from the other', async () => {
    await put('dev.tfvars', text);
    await put('mine.tfvars', text);
    await put('other.tfvars', dev('domain_name = "other.example.com"'));
    const notices = async (name: string) => (await readEnvironment(root, name)).notices;
    expect(await notices('mine')).toEqual([
      expect.stringMatching(
        /^environments\/mine\.tfvars and environments\/dev\.tfvars both have domain_name mcp\.dev\.example\.com: Route 53/,
      ),
    ]);
    expect(await notices('other')).toEqual([]);
    for (const name of ['dev', 'mine'])
      await put(`${name}.tfvars`, dev('latency_routing = true', 'container = "custom"'));
    expect(await notices('mine')).toEqual([]);
  });

  it('are told where both make the identity provider of GitHub, which an account has once', async () => {
    const github = 'github_repository = "example/countersign"';
    await put('dev.tfvars', dev(github));
    await put('mine.tfvars', dev(github, 'domain_name = "mine.example.com"'));
    expect((await readEnvironment(root, 'mine')).notices).toEqual([
      expect.stringContaining('both make the identity provider of GitHub in account 111122223333'),
    ]);
    await put('mine.tfvars', dev(github, 'domain_name = "mine.example.com"', 'github_oidc_provider = false'));
    expect((await readEnvironment(root, 'mine')).notices).toEqual([]);
  });

  it('are not held up by one that cannot be used', async () => {
    await put('dev.tfvars', text);
    await put('half.tfvars', 'environment = "dev"\nproject_name = ');
    await put('else.tfvars', dev('environment = "dev"', 'store_mode = "tape"'));
    expect(await refused('dev')).toBe('nothing');
  });
});

describe('what is no file of settings', () => {
  it('is not listed: folders, and what editors hide', async () => {
    await put('dev.tfvars', text);
    await put('.dev.tfvars', 'half written');
    await put('dev.tfvars~', 'older');
    await mkdir(join(root, 'environments/folder.tfvars'));
    expect(await environmentNames(root)).toEqual(['dev']);
  });

  it('is refused in one clear line: links to nothing and to folders, another encoding, too much', async () => {
    await symlink('nowhere', join(root, 'environments/broken.tfvars'));
    await symlink('.', join(root, 'environments/loop.tfvars'));
    await put('large.tfvars', '#'.repeat(2 * 1024 * 1024));
    await writeFile(join(root, 'environments/utf16.tfvars'), Buffer.from(`\uFEFF${text}`, 'utf16le'));
    expect(await refused('broken')).toMatch(/broken\.tfvars is a link to a file that is not there\.$/);
    expect(await refused('loop')).toMatch(/loop\.tfvars is a folder: settings are one file\.$/);
    expect(await refused('large')).toContain('large.tfvars is larger than 1 MiB');
    expect(await refused('utf16')).toMatch(/utf16\.tfvars is not UTF-8: save it in that encoding\.$/);
    await rm(join(root, 'environments'), { recursive: true });
    expect(await refused('dev')).toContain(`There is no folder environments/ in ${root}`);
  });
});
