/** What an environment costs a month before anybody uses it: by its settings, and by the resources made of them. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'cdktf';
import { TerraformStack } from 'cdktf';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { buildApp } from '../../modules/stacks/synthesize.ts';
import type { EnvironmentFile } from '../../modules/tfvars/read.ts';
import { functionArchives } from '../platform/archives.ts';
import { fromResources, type Resources } from './from-resources.ts';
import { fromSettings } from './from-settings.ts';
import type { Estimate } from './line.ts';

type Tree = {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
};

/** The resources of a region, whether in one stack or in one a layer. */
const resourcesIn = (app: App, start: string): Resources => {
  const trees = app.node.children
    .filter((node) => node instanceof TerraformStack)
    .filter(({ node: { id } }) => id === start || id.startsWith(`${start}-`))
    .map((stack) => stack.toTerraform() as Tree);
  return (type) => trees.flatMap(({ resource }) => Object.values(resource?.[type] ?? {}));
};

export interface RegionEstimate extends Estimate {
  readonly region: string;
}

const folder = join(tmpdir(), 'countersign-cost');

/**
 * The estimate of each region of an environment.
 * @param archives folder with the functions' archives, where the environment has any
 */
export const estimate = (label: string, regions: readonly Settings[], archives?: string): RegionEstimate[] => {
  const app = buildApp({ label, regions, target: { kind: 'offline', stateFolder: folder }, outdir: folder, archives });
  return regions.map((settings) => {
    const name = settings.regions[0] ?? '';
    const { lines, leftOut } = fromSettings(settings);
    return { region: name, lines: [...lines, ...fromResources(resourcesIn(app, `${label}-${name}`))], leftOut };
  });
};

/** The same, with the functions' archives bundled first. */
export const estimateOf = async ({
  label,
  regions,
}: Pick<EnvironmentFile, 'label' | 'regions'>): Promise<RegionEstimate[]> =>
  estimate(label, regions, await functionArchives(regions, folder));
