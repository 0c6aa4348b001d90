/** The environment of the cutover: one of the repository's, with the settings that the stand-in needs changed. */
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Deployment } from '../../modules/stacks/deployment.ts';
import { openOperated } from '../../scripts/operate/operated.ts';
import type { Host } from '../../scripts/platform/command.ts';
import { OperatorProblem } from '../../scripts/platform/problem.ts';
import { version } from '../../service/src/version.ts';

export interface Tried {
  /** Folder that holds environments/, as the root of the repository does. */
  readonly root: string;
  /** What `--environment` takes. */
  readonly name: string;
  readonly deployment: Deployment;
}

/** The colours that two versions need; images whose tag is the version that /health tells; no alarm on a slow machine. */
const changes: Readonly<Record<string, string>> = {
  blue_green: 'true',
  preview_header: 'true',
  image_blue: `"111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign:v${version}"`,
  image_green: `"111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign:v${version}"`,
  alarm_p99_ms: '60000',
};

/** The file with these settings in place of its own. */
const changed = (text: string): string => {
  const own = text.split('\n').filter((line) => !Object.hasOwn(changes, /^(\w+)\s*=/.exec(line)?.[1] ?? ''));
  return [...own, ...Object.entries(changes).map(([name, value]) => `${name} = ${value}`), ''].join('\n');
};

/** Copies it into a folder of its own. @throws OperatorProblem where it has no tasks behind a load balancer */
export const triedEnvironment = async (host: Host, name: string): Promise<Tried> => {
  const { file, settings, deployments } = await openOperated(host, { environment: name });
  if (settings.compute_mode !== 'fargate' || !deployments.every(({ shape }) => shape.loadBalancer))
    throw new OperatorProblem(
      `${name} has no tasks behind a load balancer, so there is no traffic to move. Try --environment examples/tag-governance/prod.`,
    );
  const root = await mkdtemp(join(tmpdir(), 'countersign-environment-'));
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), changed(await readFile(join(host.root, file), 'utf8')));
  const [deployment] = (await openOperated({ ...host, root }, { environment: name })).deployments;
  if (deployment === undefined) throw new Error(`${name} has no region`);
  return { root, name, deployment };
};
