/** `npm run image -- --environment staging --tag v1.2.3`: builds the image, pushes it, and says what to write where. */
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { type Engine, openEngine } from './operate/image/engine.ts';
import { GHCR } from './operate/image/ghcr.ts';
import { checkTag, openRegistry, repositoriesOf } from './operate/image/registry.ts';
import type { Registry, Repository } from './operate/image/repository.ts';
import { callingAws, checkOperator, openOperated } from './operate/operated.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { during } from './platform/host.ts';
import { environment, json } from './platform/options.ts';
import { OperatorProblem } from './platform/problem.ts';

const platforms = { X86_64: 'linux/amd64', ARM64: 'linux/arm64' } as const;

/** Commit that the image is of; told apart from one with changes that are in no commit. */
const revisionOf = async (root: string): Promise<string> => {
  const git = (...args: string[]): Promise<string> =>
    promisify(execFile)('git', args, { cwd: root }).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    );
  const commit = await git('rev-parse', 'HEAD');
  if (commit === '') return 'unknown';
  return (await git('status', '--porcelain', '--untracked-files=no')) === '' ? commit : `${commit}-changed`;
};

interface Target {
  readonly repository: Repository;
  readonly registry: Registry;
}

const referenceOf = ({ host, name }: Repository, tag: string): string => `${host}/${name}:${tag}`;

interface Build {
  readonly tag: string;
  readonly context: string;
  readonly file: string;
  readonly platform: string;
  readonly revision: string;
}

const buildArguments = ({ tag, context, file, platform, revision }: Build, targets: readonly Target[]): string[] => [
  'build',
  '--platform',
  platform,
  '--file',
  file,
  '--build-arg',
  `VERSION=${tag}`,
  '--build-arg',
  `REVISION=${revision}`,
  ...targets.flatMap(({ repository }) => ['--tag', referenceOf(repository, tag)]),
  context,
];

const push = async (engine: Engine, { repository, registry }: Target, tag: string): Promise<string> => {
  const login = await registry.signIn();
  await engine.signedIn(repository.host, login, (signedIn) => signedIn.run(['push', referenceOf(repository, tag)]));
  return registry.digestOf(tag);
};

const pushed = (host: Host, engine: Engine, target: Target, tag: string): Promise<string> =>
  during(host, `Pushing ${referenceOf(target.repository, tag)}`, () => push(engine, target, tag));

interface Image {
  readonly reference: string;
  readonly digest: string;
  /** For the setting container_image. */
  readonly image: string;
}

const tellLine = (host: Host, file: string, { repository }: Target, tag: string, digest: string): Image => {
  const image = `${repository.host}/${repository.name}@${digest}`;
  const where = repository.usedIn.length > 1 ? '' : `, ${repository.usedIn[0]}`;
  host.out(`Pushed ${referenceOf(repository, tag)}\nFor ${file}${where}:\n`);
  host.out(`container_image = "${image}" # ${tag}`);
  return { reference: referenceOf(repository, tag), digest, image };
};

const folderOf = async (host: Host, context: string | undefined, file: string | undefined) => {
  const at = (path: string, base: string): string => (isAbsolute(path) ? path : join(base, path));
  const folder = at(context ?? '.', host.root);
  const dockerfile = file === undefined ? join(folder, 'Dockerfile') : at(file, host.root);
  await access(dockerfile).catch(() => {
    throw new OperatorProblem(`There is no ${dockerfile}: name the folder with --context, and the file with --file.`);
  });
  return { context: folder, file: dockerfile };
};

export const image = defineCommand({
  name: 'image',
  summary:
    'Builds the image for the environment’s processor, pushes it to its registry (ECR, or ghcr.io), and prints the line for its settings.',
  notes: [
    'A tag is never overwritten: one that exists is refused before anything is built. The image is named by its digest in',
    'the settings, so that what was reviewed is what runs.',
  ].join('\n'),
  options: {
    environment,
    tag: { type: 'string', value: 'TAG', description: 'Name of this image for good, such as v1.2.3.' },
    context: { type: 'string', value: 'FOLDER', description: 'Folder to build. Default: this repository.' },
    file: { type: 'string', value: 'FILE', description: 'Dockerfile. Default: the one in the folder.' },
    builder: {
      type: 'string',
      value: 'ENGINE',
      choices: ['docker', 'podman'],
      description: 'docker or podman. Default: docker.',
    },
    'create-repository': {
      type: 'boolean',
      description: 'Makes a repository that several environments share, and none of them makes.',
    },
    json,
    'dry-run': { type: 'boolean', description: 'Checks everything, prints the steps, builds and pushes nothing.' },
  },
  run: async (values, host) => {
    const tag = checkTag(values.tag);
    const { builder = 'docker' } = values;
    if (builder !== 'docker' && builder !== 'podman')
      throw new OperatorProblem(`--builder is docker or podman, not ${builder}.`);
    const operated = await openOperated(host, { environment: values.environment });
    const repositories = repositoriesOf(operated);
    const build: Build = {
      tag,
      ...(await folderOf(host, values.context, values.file)),
      platform: platforms[operated.settings.cpu_architecture],
      revision: await revisionOf(host.root),
    };
    const dryRun = values['dry-run'] === true;
    const engine = await openEngine(host, builder);
    // GitHub's registry asks for no credentials of AWS.
    if (repositories.some((each) => each.host !== GHCR)) await checkOperator(host, operated);
    return callingAws(operated, async () => {
      const targets: Target[] = [];
      for (const repository of repositories) {
        const how = { create: values['create-repository'] === true, dryRun, env: host.env };
        const registry = await openRegistry(operated.environment, repository, how);
        await registry.checkFree(tag);
        targets.push({ repository, registry });
      }
      if (dryRun) {
        host.out([builder, ...buildArguments(build, targets)].join(' '));
        for (const { repository } of targets) {
          host.out(
            `${builder} login --username ${repository.host === GHCR ? host.env.GITHUB_ACTOR : 'AWS'} --password-stdin ${repository.host}`,
          );
          host.out(`${builder} push ${referenceOf(repository, tag)}`);
        }
        return 0;
      }
      await during(host, `Building ${tag}`, () => engine.run(buildArguments(build, targets)));
      const images: Image[] = [];
      for (const target of targets)
        images.push(tellLine(host, operated.file, target, tag, await pushed(host, engine, target, tag)));
      host.report({ environment: operated.environment, images });
      return 0;
    });
  },
});

await runAsProgram(import.meta.main, image);
