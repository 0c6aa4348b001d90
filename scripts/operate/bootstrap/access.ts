/** The roles that workflows take, as a workspace of its own: they are there before anything is built or deployed. */
import { mkdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { App } from 'cdktf';
import { addAccess, workflowRoles } from '../../../modules/stacks/access.ts';
import { literalSettings } from '../../../modules/stacks/literal.ts';
import type { Host } from '../../platform/command.ts';
import type { Workspace } from '../../platform/workspace.ts';
import type { Operated } from '../operated.ts';

/** Undefined without github_repository. */
export const accessWorkspace = async (
  host: Host,
  { environment, file, label, settings, deployments }: Operated,
  folder = 'cdktf.out/access',
): Promise<Workspace | undefined> => {
  const primary = deployments.find((deployment) => deployment.primary);
  if (settings.github_repository === undefined || primary === undefined) return undefined;
  const out = isAbsolute(folder) ? folder : join(host.root, folder);
  await mkdir(out, { recursive: true });
  const app = new App({ outdir: out, skipValidation: false });
  addAccess(app, label, { ...primary, settings: literalSettings(settings) });
  app.synth();
  const stacks = Object.keys(app.manifest.stacks).map((name) => ({
    name,
    folder: join(out, 'stacks', name),
    region: primary.region,
    producers: [],
  }));
  return { environment, file, label, settings, target: { kind: 'aws' }, out, stacks };
};

/** What to write into the repository's settings. */
export const workflowVariables = ({ label, settings, deployments: [primary] }: Operated): readonly string[] => {
  const roles = primary === undefined ? {} : workflowRoles(primary);
  const lines = (name: string | undefined, line: (arn: string) => string): string[] =>
    name === undefined ? [] : [line(`arn:aws:iam::${settings.account_id}:role/${name}`)];
  return [
    ...lines(roles.plan, (arn) => `Variable PLAN_ROLES of the repository, JSON: "${label}": "${arn}"`),
    ...lines(roles.image, (arn) => `Variable IMAGE_ROLES of the repository, JSON: "${label}": "${arn}"`),
    ...lines(roles.apply, (arn) => `Variable APPLY_ROLE of its environment ${label}: ${arn}`),
    ...(settings.destroy_albs_when_scaled_down
      ? lines(roles.apply, (arn) => `Variable APPLY_ROLE of its environment ${label}-weekend: ${arn}`)
      : []),
    ...lines(roles.cutover, (arn) => `Variable CUTOVER_ROLE of its environment ${label}: ${arn}`),
  ];
};
