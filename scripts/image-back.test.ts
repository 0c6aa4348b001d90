/** Going back to what ran before, where there is one colour: on a stand-in for AWS. */
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { repository } from '../modules/testing/synthesized.ts';
import { imageBack } from './image-back.ts';
import { withImage } from './operate/image-back/file.ts';
import { runningImages } from './operate/image-back/running.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { openOperated } from './operate/operated.ts';
import type { Change, Review } from './plan-review/review.ts';
import { mayHaveGoneBack, withoutGoneBack } from './plan-review/went-back.ts';

const region = 'us-east-1';

describe('the file', () => {
  it.each<[string, string, string | undefined]>([
    ['container_image = "a:1"\n', 'container_image = "a:0"\n', 'the image of all'],
    ['  container_image   = "a:1" # why\n', '  container_image   = "a:0" # why\n', 'with a reason behind it'],
    ['container_image = "a:1"\nimage_blue = "a:2"\n', 'container_image = "a:1"\nimage_blue = "a:0"\n', 'that of blue'],
    ['container_image = local.image\n', '', undefined],
    ['# container_image = "a:1"\n', '', undefined],
  ])('%j', (before, after, says) => {
    expect(withImage(before, 'a:0')).toBe(says === undefined ? undefined : after);
  });

  it('takes an image with a $ in its name as it is', () => {
    expect(withImage('container_image = "a:1"', 'a$&:0')).toBe('container_image = "a$&:0"');
  });
});

describe('drift', () => {
  const change = (type: string, action: Change['action'], ...paths: [path: string, after?: string][]): Change => ({
    address: `${type}.x`,
    type,
    action,
    kind: 'other',
    losesState: false,
    forcedBy: [],
    differences: paths.map(([path, after]) => ({ path, ...(after === undefined ? {} : { after }) })),
  });
  const review = (...changes: Change[]): Review => ({ stack: 's', changes, outputs: [] });
  const revision: [string, string][] = [
    ['arn', '(known after apply)'],
    ['enable_fault_injection', '(known after apply)'],
    ['container_definitions[0].image', '"a:1"'],
  ];
  const definition = change('aws_ecs_task_definition', 'replace', ...revision);
  const service = change('aws_ecs_service', 'update', ['task_definition', 'x']);
  const other = change('aws_ecs_service', 'update', ['task_definition', 'x'], ['launch_type', 'x']);

  it('is none where the services run what the settings say, by an earlier revision', () => {
    expect(mayHaveGoneBack(review(definition, service))).toBe(true);
    expect(withoutGoneBack(review(definition, service), ['a:1']).changes).toEqual([]);
  });

  it.each<[string, Review, string[], number]>([
    ['another image runs', review(definition, service), ['a:2'], 2],
    ['nothing runs', review(definition, service), [], 2],
    ['more of the service differs', review(definition, other), ['a:1'], 1],
    [
      'more of the definition differs',
      review(change('aws_ecs_task_definition', 'replace', ...revision, ['cpu', '1']), service),
      ['a:1'],
      2,
    ],
    ['the service alone differs: the file was not written', review(service), ['a:1'], 1],
  ])('is told where %s', (_, given, runs, left) => {
    expect(withoutGoneBack(given, runs).changes).toHaveLength(left);
  });
});

describe('tasks', () => {
  const environment = 'dev';
  const standIn = onStandIn(environment);
  let root: string;
  const ecs = () => new ECSClient({ region });
  let names: { cluster: string; service: string; family: string; container: string; file: string };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'countersign-back-'));
    await mkdir(join(root, 'environments'));
    const file = 'environments/dev.tfvars';
    await cp(join(repository, file), join(root, file));
    const operated = await openOperated(standIn.hostWith({ root }), { environment });
    const [deployment] = operated.deployments;
    if (deployment === undefined) throw new Error('no region');
    names = {
      cluster: deployment.names.of('cluster'),
      service: deployment.names.of('service'),
      family: deployment.names.of('task-family'),
      container: deployment.settings.container_name,
      file: join(root, file),
    };
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const [v1, v2] = ['v1', 'v2'].map((tag) => `111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign:${tag}`);
  const register = async (image: string | undefined, more: object = {}) => {
    const containerDefinitions = [{ name: names.container, image, memory: 128, ...more }];
    await ecs().send(new RegisterTaskDefinitionCommand({ family: names.family, containerDefinitions }));
  };
  const push = async (...tags: string[]) => {
    const ecr = new ECRClient({ region });
    await ecr.send(new CreateRepositoryCommand({ repositoryName: 'countersign' }));
    for (const imageTag of tags) {
      const layers = [
        {
          mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
          size: 1,
          digest: `sha256:${imageTag.padEnd(64, '0')}`,
        },
      ];
      const imageManifest = JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
        config: {},
        layers,
      });
      await ecr.send(new PutImageCommand({ repositoryName: 'countersign', imageTag, imageManifest }));
    }
  };
  beforeEach(async () => {
    await cp(join(repository, 'environments/dev.tfvars'), names.file);
    await ecs().send(new CreateClusterCommand({ clusterName: names.cluster }));
    await register(v1);
    await register(v2);
    await register(v2, { environment: [{ name: 'A', value: 'b' }] });
    await ecs().send(
      new CreateServiceCommand({
        cluster: names.cluster,
        serviceName: names.service,
        taskDefinition: names.family,
        desiredCount: 2,
      }),
    );
  });
  const run = (...args: string[]) => standIn.run(imageBack, ['--environment', environment, ...args], { root });
  const revision = async () => {
    const { services = [] } = await ecs().send(
      new DescribeServicesCommand({ cluster: names.cluster, services: [names.service] }),
    );
    return services[0]?.taskDefinition?.split('/').at(-1);
  };

  it('run the image before, over revisions with the same one, and the file says so', async () => {
    await push('v1', 'v2');
    expect(await run('--dry-run')).toBe(2);
    expect(await revision()).toBe(`${names.family}:3`);
    expect(await run('--yes')).toBe(0);
    expect(await revision()).toBe(`${names.family}:1`);
    expect(standIn.said()).toContain('also has other variables, sizes or roles than 3');
    expect(await readFile(names.file, 'utf8')).toContain(`"${v1}"`);
    expect(await runningImages(await openOperated(standIn.hostWith({ root }), { environment }))).toEqual([v1]);
  });

  it('go back once, however often they are told to, and further where that is said', async () => {
    // Before the version before.
    const v0 = '111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign:v0';
    await push('v0', 'v1', 'v2');
    await register(v0);
    await register(v1);
    await register(v2);
    const taskDefinition = `${names.family}:6`;
    await ecs().send(new UpdateServiceCommand({ cluster: names.cluster, service: names.service, taskDefinition }));
    expect(await run('--yes')).toBe(0);
    expect(await run('--yes')).toBe(0);
    expect(await revision()).toBe(`${names.family}:5`);
    expect(standIn.said()).toContain('It runs revision 5 already');
    expect(await run('--dry-run')).toBe(0);
    // What a killed run had not written yet.
    await cp(join(repository, 'environments/dev.tfvars'), names.file);
    expect(await run('--to', 'v1', '--yes')).toBe(0);
    expect(await readFile(names.file, 'utf8')).toContain(`"${v1}"`);
    expect(await run('--to', 'v0', '--yes')).toBe(0);
    expect(await revision()).toBe(`${names.family}:4`);
  });

  it('say so where there is no earlier version', async () => {
    await push('v2');
    await register('other:v1');
    const taskDefinition = `${names.family}:1`;
    await ecs().send(new UpdateServiceCommand({ cluster: names.cluster, service: names.service, taskDefinition }));
    expect(await run('--to', 'v7', '--yes')).toBe(1);
    expect(standIn.said()).toContain('No earlier revision of');
  });

  it('run the tag or revision that is asked for', async () => {
    await push('v1', 'v2');
    expect(await run('--to', '2', '--yes')).toBe(0);
    expect(await revision()).toBe(`${names.family}:2`);
    expect(await run('--to', 'v1', '--yes')).toBe(0);
    expect(await revision()).toBe(`${names.family}:1`);
    expect(await run('--to', 'v7', '--yes')).toBe(1);
  });

  it('stay as they are where the registry no longer has the image, or nobody says yes', async () => {
    await push('v2');
    expect(await run('--yes')).toBe(1);
    expect(standIn.said()).toContain(`The registry no longer has ${v1}`);
    expect(await run()).toBe(1);
    expect(await revision()).toBe(`${names.family}:3`);
  });

  it('of two colours go back by their weights', async () => {
    expect(await standIn.run(imageBack, ['--environment', 'examples/tag-governance/prod', '--yes'])).toBe(1);
    expect(standIn.said()).toContain('npm run cutover -- rollback');
  });
});

describe('a function', () => {
  const environment = 'examples/startup/prod';
  const FunctionName = 'startup-mcp-prod-service';
  const standIn = onStandIn(environment);
  const lambda = () => new LambdaClient({ region });
  const code = (text: string) => Buffer.from(text);
  const run = (...args: string[]) => standIn.run(imageBack, ['--environment', environment, ...args]);
  const version = async () =>
    (await lambda().send(new GetAliasCommand({ FunctionName, Name: 'live' }))).FunctionVersion;

  it('answers with the version before that has other code', async () => {
    expect(await run('--yes')).toBe(1);
    expect(standIn.said()).toContain(`There is no function ${FunctionName}`);
    const role = await new IAMClient({ region }).send(
      new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: '{}' }),
    );
    const Code = { ZipFile: code('one') };
    await lambda().send(
      new CreateFunctionCommand({
        FunctionName,
        Role: role.Role?.Arn,
        Runtime: 'nodejs24.x',
        Handler: 'i.h',
        Code,
        Publish: true,
      }),
    );
    for (const text of ['two', 'three']) {
      await lambda().send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: code(text) }));
      await lambda().send(new PublishVersionCommand({ FunctionName }));
    }
    await lambda().send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '3' }));
    expect(await run('--dry-run')).toBe(2);
    expect(await version()).toBe('3');
    expect(await run('--yes')).toBe(0);
    expect(await version()).toBe('2');
    expect(standIn.said()).toContain('deploy from the commit of the version that is to run');
    expect(await run('--yes')).toBe(0);
    expect(await run('--dry-run')).toBe(0);
    expect(await version()).toBe('2');
    expect(await run('--to', '1', '--yes')).toBe(0);
    expect(await version()).toBe('1');
    expect(await run('--to', '9', '--yes')).toBe(1);
    const RoutingConfig = { AdditionalVersionWeights: { 2: 0.1 } };
    await lambda().send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1', RoutingConfig }));
    expect(await run('--to', '2', '--yes')).toBe(1);
    expect(standIn.said()).toContain('has two versions in service');
  });
});
