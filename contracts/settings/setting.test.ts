import { settingNames, settings } from './index.ts';
import type { RawSettings } from './parse.ts';
import { accounts, parsed, problems } from './testing/small.ts';

describe('a setting alone', () => {
  it.each<readonly [changes: RawSettings, says: string]>([
    [{ project_name: 'Shop' }, 'project_name must be 3 to 24 lower-case'],
    [{ project_name: undefined }, 'project_name is required: give "countersign"'],
    [{ environment: 'Production' }, 'environment must be 1 to 24 lower-case letters, digits and hyphens'],
    [{ environment: 'local' }, 'environment must be 1 to 24 lower-case letters, digits and hyphens, and not local'],
    [{ environment: undefined }, 'environment is required'],
    [{ kind: 'test' }, 'kind must be one of dev, staging, prod'],
    [{ kind: 'production' }, 'kind must be one of dev, staging, prod; did you mean prod?'],
    [{ ingress_mode: 'api-gatway' }, 'ingress_mode must be one of alb, api-gateway, edge; did you mean api-gateway?'],
    [{ vpc_endpoints: ['ecr', 'log'] }, '; did you mean logs?'],
    [{ account_id: '1111-2222-3333' }, 'account_id must be a 12-digit account id in quotes'],
    [{ regions: [] }, 'regions must name at least one region'],
    [{ regions: ['us-east-1', 'us-east-1'] }, 'regions names the same region twice'],
    [{ vpc_cidr: '10.0.0.0' }, 'vpc_cidr must be an IPv4 CIDR block such as 10.0.1.0/24'],
    [{ nat_mode: 'double' }, 'nat_mode must be "none", "single", "per-az" or a number of gateways from 1 to 6'],
    [{ task_cpu: '512' }, 'task_cpu must be a whole number from 256 to 16384 (CPU units, 1024 a vCPU)'],
    [{ task_cpu: 512.5 }, 'task_cpu must be a whole number from 256 to 16384 (CPU units, 1024 a vCPU)'],
    [{ autoscale: 'yes' }, 'autoscale must be true or false, without quotes'],
    [{ container_user: '0:0' }, 'container_user must be a number other than 0'],
    [
      { container_image: 'app:latest' },
      'container_image must be an image by its name in lower case, without https://,',
    ],
    [
      { container_image: 'https://app:1' },
      'container_image must be an image by its name in lower case, without https://,',
    ],
    [{ container_image: 'Team/App:1' }, 'container_image must be an image by its name in lower case'],
    [{ container_image: 'app' }, 'and a tag other than latest, or a digest'],
    [
      { names: { clusters: 'x' } },
      'names has clusters, which is no kind of resource; did you mean cluster? Known are api',
    ],
    [
      { names: { database: 'MyDb' } },
      'names.database "MyDb" is not what AWS takes for the name of a database instance',
    ],
    [{ waf_allowed_countries: ['UK'] }, 'waf_allowed_countries.0 is no country of AWS WAF; did you mean GB?'],
    [{ waf_allowed_countries: ['us'] }, 'waf_allowed_countries.0 is no country of AWS WAF; did you mean US?'],
    [{ waf_allowed_countries: ['EU'] }, 'is no country of AWS WAF: give countries, each by its ISO 3166 code'],
    [{ waf_allowed_countries: ['Germany'] }, 'waf_allowed_countries.0 must be a two-letter country code such as US'],
    [{ waf_allowed_cidrs: ['0.0.0.0/0'] }, 'waf_allowed_cidrs.0 must not be a /0, which AWS WAF refuses'],
    [{ waf_allowed_cidrs: ['195.178.188.66/29'] }, 'must begin at the first address of its block: 195.178.188.64/29'],
    [{ alb_sources: ['203.0.113.5/24'] }, 'must begin at the first address of its block: 203.0.113.0/24'],
    [{ alb_sources: ['2001:db8::/32'] }, 'alb_sources.0 must be an IPv4 CIDR block'],
    [{ cognito_callback_urls: ['https://a.example.com/#b'] }, 'cognito_callback_urls.0 must have no fragment'],
    [{ cognito_callback_urls: ['http://a.example.com/'] }, 'must be https: Cognito takes http for localhost alone'],
    [{ cognito_callback_urls: ['http://localhost.example.com/'] }, 'must be https: Cognito takes http for localhost'],
    [{ cognito_callback_urls: ['javascript:alert(1)'] }, 'must be a URL that Cognito returns people to'],
    [{ queues: ['a', 'a-dead'] }, 'not ending in -dead, as dead-letter queues do'],
    [{ github_repository: 'example/shop.git' }, 'github_repository must be owner/name of a GitHub repository, without'],
    [{ db_engine_version: '99' }, 'db_engine_version must be a PostgreSQL version from 11 to 19'],
    [{ db_gb: 65_536 }, 'db_gb must be a whole number from 20 to 59578 (GB)'],
    [{ availability_zones: ['us-east-1-bos-1a', 'us-east-1b'] }, 'availability_zones.0 must be an availability zone'],
    [{ availability_zones: ['use1-az1', 'use1-az2'] }, 'Zone ids and Local Zones are not taken'],
    [{ budget_alert_percents: [50.5] }, 'budget_alert_percents.0 must be a whole number'],
    [
      { scale_schedules: { night: { cron: 'cron(0 20 ? * * *)', min: 1, max: '2' } } },
      'scale_schedules.night.max must be a whole number from 0 to 500 (tasks)',
    ],
    [
      { scale_schedules: { night: { cron: 'cron(0 20 ? * * *)', min: 1, max: 2, desired: 1 } } },
      'scale_schedules.night has desired, which it does not know: leave it out',
    ],
    [{ tags: { 'aws:x': 'y' } }, 'tags.aws:x begins with aws:, which AWS keeps for itself'],
    [{ tags: { x: 'AWS:y' } }, 'tags.x begins with aws:, which AWS keeps for itself'],
    [{ tags: { environment: 'prod' } }, 'tags.environment is Environment, which the platform sets itself'],
    [{ tags: { Project: 'shop' } }, 'tags.Project is Project, which the platform sets itself'],
    [{ tags: { Team: 'a', TEAM: 'b' } }, 'tags.TEAM differs from Team by case alone'],
    [{ tags: { Team: 'R&D, (core) #1' } }, 'tags.Team is "R&D, (core) #1", which AWS does not take'],
    [{ tags: { 'Team!': 'a' } }, 'tags.Team! has a key that AWS does not take'],
    [{ tags: { '': 'a' } }, 'has a key of 0 characters; AWS takes 1 to 128'],
    [{ tags: { ['k'.repeat(129)]: 'a' } }, 'has a key of 129 characters; AWS takes 1 to 128'],
    [{ tags: { Team: 'v'.repeat(257) } }, 'tags.Team has 257 characters; AWS takes at most 256'],
    [{ tags: Object.fromEntries(accounts(45).map((id) => [id, id])) }, 'tags must be at most 44, not 45'],
    [{ tags: { Team: 1 } }, 'tags.Team must be a text in quotes'],
    [{ names: { authorizer: 'a'.repeat(84) } }, 'names.authorizer "aaaa'],
    [
      { names: { 'data-bucket': 'My_Bucket' } },
      'names.data-bucket "My_Bucket" is not what AWS takes for the name of a',
    ],
    [{ names: { service: 'a.b/c' } }, 'names.service "a.b/c" is not what AWS takes for the name of an ECS service'],
    [{ names: { database: 'my--db' } }, 'names.database "my--db" is not what AWS takes'],
    [{ names: { cache: 'c'.repeat(41) } }, '41 characters; AWS takes 1 to 40 characters for the name of a cache'],
    [{ names: { 'load-balancer': 'internal-web' } }, 'names.load-balancer "internal-web" is not what AWS takes'],
    [{ names: { repository: 'Upper/Case' } }, 'names.repository "Upper/Case" is not what AWS takes'],
    [{ names: { 'task-role': 'r'.repeat(65) } }, '65 characters; AWS takes 1 to 64 characters for the name of a role'],
    ...['user', 'pg_app', 'rds_app', 'admin', 'rdsadmin', 'select', 'none', 'a'.repeat(17), '1a', 'A'].map(
      (db_username) => [{ db_username }, 'db_username must be at most 16 lower-case letters'] as const,
    ),
    ...['db', 'database', 'user', 'template1', 'rdsadmin', '1a', 'a-b', 'a'.repeat(64)].map(
      (db_name) => [{ db_name }, 'db_name must be at most 63 lower-case letters'] as const,
    ),
    [{ cross_account_external_id: 'a b' }, 'cross_account_external_id must be 2 to 1224 letters'],
    [{ budget_alert_percents: accounts(10).map((_, index) => index + 1) }, 'budget_alert_percents must have at most 9'],
    [{ cognito_attributes: accounts(51).map((id) => `a${id}`) }, 'cognito_attributes must have at most 50 items'],
    [
      { cognito_callback_urls: accounts(101).map((id) => `https://a${id}.example.com`) },
      'cognito_callback_urls must have at most 100 items',
    ],
    [{ alb_sources: accounts(31).map((_, index) => `203.0.${index}.0/24`) }, 'alb_sources must have at most 30 items'],
    [
      { scale_schedules: { night: { cron: '0 20 * * *', min: 0, max: 0 } } },
      'scale_schedules.night.cron must be a six-field AWS cron',
    ],
    ...[
      'cron(0 25 ? * * *)',
      'cron(60 6 ? * * *)',
      'cron(0 6 * * * *)',
      'cron(0 6 ? * ? *)',
      'cron(0 6 32 * ? *)',
      'cron(0 6 ? 13 MON *)',
      'cron(0 6 ? * 8 *)',
      'cron(0 6 ? * MONDAY *)',
      'cron(0 6 ? * MON 1969)',
      'cron(0 6-7-8 ? * MON *)',
      'cron(*/0 6 ? * MON *)',
      'rate(5 minutes)',
    ].map(
      (cron) =>
        [{ scale_schedules: { night: { cron, min: 0, max: 2 } } }, 'scale_schedules.night.cron must be a six'] as const,
    ),
    [{ api_timeout_ms: 30_001 }, 'api_timeout_ms must be a whole number from 1000 to 30000 (milliseconds)'],
    [{ log_retention_days: 8 }, 'log_retention_days must be one of 1, 3, 5, 7'],
    [{ ops_webhooks: ['http://hooks.example.com'] }, 'ops_webhooks.0 must be an https URL'],
    [{ vpc_cdir: '10.0.0.0/16' }, 'vpc_cdir is no setting; did you mean vpc_cidr? See docs/settings.md'],
    [{ zzz: 1 }, 'zzz is no setting. See docs/settings.md'],
  ])('%j: %s', (changes, says) => {
    expect(problems(changes)).toContainEqual(expect.stringContaining(says));
  });

  it.each(settingNames)('%s refuses what it is not in words of its own', (name) => {
    const one = { cron: 1, min: '1', max: -1, x: 1 };
    const values = [0, -1, 1.5, 1e9, '', 'A B', true, [], [''], [1.5], [true], [{}], {}, { a: 1 }, { 'A b': '' }];
    const tried = [...values, { a: one }, { a: [1] }, { 'us-east-1': 1 }];
    // Zod's own words begin with a capital letter.
    expect(
      tried.flatMap((value) => problems({ [name]: value })).filter((said) => / [A-Z][a-z]+ (in|sm|bi|k|o)/.test(said)),
    ).toEqual([]);
  });

  it.each(['https://app.example.com/in', 'http://localhost:8080/in', 'http://127.0.0.1/in', 'myapp://in'])(
    'takes %s to return to, as Cognito does',
    (url) => {
      expect(problems({ cognito_callback_urls: [url] })).toEqual([]);
    },
  );

  it('says why an environment is taken for prod', () => {
    const shell = { execute_command: true, environment: 'foo' };
    expect(problems(shell)).toEqual([
      expect.stringMatching(/in prod.*: .* Without kind, foo is taken for prod: set kind if it is not$/),
    ]);
    expect(problems({ ...shell, kind: 'prod' })).toEqual([expect.not.stringContaining('Without kind')]);
  });

  it('is told once of a port of both colours', () => {
    expect(problems({ container_port: 22, container: 'custom' })).toEqual([
      'container_port must not be 22: the network ACLs refuse SSH',
    ]);
  });

  it('takes a tag beside a digest, which decides', () => {
    const digest = `@sha256:${'a'.repeat(64)}`;
    const images = [`registry.example.com:5000/a/app:v1${digest}`, `app:latest${digest}`];
    expect(images.map((container_image) => parsed({ container_image, image_green: images[0] }))).toMatchObject([
      {
        container_image: `registry.example.com:5000/a/app${digest}`,
        image_blue: `registry.example.com:5000/a/app${digest}`,
      },
      { container_image: `app${digest}`, image_green: `registry.example.com:5000/a/app${digest}` },
    ]);
    expect(problems({ container_image: `app:${'a'.repeat(129)}` })).toHaveLength(1);
    expect(problems({ container_image: `app@sha256:${'a'.repeat(63)}` })).toHaveLength(1);
  });

  it('takes any port of an image that may be root', () => {
    expect(problems({ container: 'custom', container_port: 80, auth: 'none', rest_facade: false })).toEqual([]);
  });

  it.each([
    'cron(0 6 ? * SAT,SUN *)',
    'cron(0/15 8-18 ? * MON-FRI *)',
    'cron(0 0 1,15 JAN-MAR ? 2026-2030)',
    'cron(5 4 L * ? *)',
    'cron(5 4 15W * ? *)',
    'cron(0 3 ? * 2#1 *)',
    'cron(0 3 ? * FRIL *)',
    'cron(* * * * ? *)',
  ])('takes %s', (cron) => {
    expect(problems({ scale_schedules: { night: { cron, min: 0, max: 2 } } })).toEqual([]);
  });

  it.each(['postgres', 'app_user', 'a'])('takes %s as the owner of a database', (db_username) => {
    expect(problems({ db_username })).toEqual([]);
  });

  it('takes a digest, and a port in the registry', () => {
    const digest = `localhost:5000/app@sha256:${'a'.repeat(64)}`;
    expect(parsed({ container_image: digest }).container_image).toBe(digest);
  });

  it.each(settingNames)('%s says what it means and gives an example', (name) => {
    expect(settings[name].description).toMatch(/^.{10,}\.$/s);
    expect(settings[name].example).not.toBe('');
  });
});
