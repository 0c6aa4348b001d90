/**
 * Where terraform takes providers from. A folder that already holds them saves 700 MB of download a machine, and is
 * the only way where the registry cannot be reached.
 */
import { access, readdir } from 'node:fs/promises';
import { arch, homedir, platform } from 'node:os';
import { join } from 'node:path';

/** A provider that a stack requires: `hashicorp/aws` in an exact version. */
export interface Requirement {
  readonly source: string;
  readonly version: string;
}

const registry = 'registry.terraform.io';

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const systems: Readonly<Record<string, string>> = { win32: 'windows' };
const processors: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
const system = `${systems[platform()] ?? platform()}_${processors[arch()] ?? arch()}`;

/** Whether the mirror has the provider, unpacked or as the archive the registry serves. */
const holds = async (mirror: string, { source, version }: Requirement): Promise<boolean> => {
  const folder = join(mirror, registry, source);
  const archive = `terraform-provider-${source.split('/')[1]}_${version}_${system}.zip`;
  return (await exists(join(folder, version, system))) || (await exists(join(folder, archive)));
};

/** cdktf keeps its cache in ~/.terraform.d/plugin-cache. Terraform cannot install from a folder that is its cache too. */
const notMirrors: ReadonlySet<string> = new Set(['node_modules', 'plugin-cache']);

const DEPTH = 4;
const MOST_FOLDERS = 5000;

/** Folders that hold a `registry.terraform.io`, among those that package managers and images put mirrors in. */
const search = async (roots: readonly string[]): Promise<string[]> => {
  const found: string[] = [];
  let left = MOST_FOLDERS;
  let level = [...roots];
  for (let depth = 0; depth <= DEPTH && level.length > 0 && left > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level.slice(0, left)) {
      left -= 1;
      const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
      if (entries.some(({ name }) => name === registry)) found.push(folder);
      else
        next.push(
          ...entries
            .filter((entry) => entry.isDirectory() && !notMirrors.has(entry.name))
            .map(({ name }) => join(folder, name)),
        );
    }
    level = next;
  }
  return found;
};

/** Where a mirror may stand, besides COUNTERSIGN_TERRAFORM_MIRROR: terraform's own folders, /opt, /srv and /usr/local. */
const mirrorRoots = (): string[] => [
  join(homedir(), '.terraform.d'),
  join(homedir(), '.local/share/terraform'),
  '/usr/local/share/terraform',
  '/usr/share/terraform',
  '/opt',
  '/srv',
  '/usr/local/lib',
];

/**
 * The folder that holds every one of the providers.
 * @param roots folders to search, not deeper than four levels
 */
export const findMirror = async (
  requirements: readonly Requirement[],
  roots: readonly string[] = mirrorRoots(),
): Promise<string | undefined> => {
  for (const mirror of await search(roots)) {
    const all = await Promise.all(requirements.map((requirement) => holds(mirror, requirement)));
    if (all.every(Boolean)) return mirror;
  }
  return undefined;
};

/** Terraform's CLI configuration for a mirror, which then is the only source. */
export const mirrorConfig = (mirror: string): string =>
  `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`;
