/** Where the AWS provider is that stacks require, as terraform itself fetches it. */
import { execFile } from 'node:child_process';
import { access, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { repository, synthesized } from '../../../modules/testing/synthesized.ts';
import type { Host } from '../../../scripts/platform/command.ts';
import { providerSource } from '../../../scripts/platform/terraform.ts';

/** Test files run in processes beside each other, and what is still empty takes one writer. */
const lock = join(tmpdir(), `countersign-providers-of-${process.ppid}`);
const alone = async <T>(work: () => Promise<T>): Promise<T> => {
  while (
    !(await mkdir(lock).then(
      () => true,
      () => false,
    ))
  )
    await sleep(50);
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true });
  }
};

/** Undefined where there is none. A mirror's folder is linked, which a recursive listing would not enter. */
const programIn = async (folder: string): Promise<string | undefined> => {
  const names = await readdir(folder).catch(() => []);
  const name = names.find((each) => each.startsWith('terraform-provider-')) ?? names[0];
  if (name === undefined) return undefined;
  return name.startsWith('terraform-provider-') ? join(folder, name) : programIn(join(folder, name));
};

const fetchInto = async (host: Host, folder: string): Promise<void> => {
  const { TF_REATTACH_PROVIDERS: _, ...own } = host.env;
  const env = { ...own, ...(await providerSource(host, { out: folder, stacks: [{ folder }] })) };
  if (env.TF_CLI_CONFIG_FILE === '') delete env.TF_CLI_CONFIG_FILE;
  const terraform = host.env.TERRAFORM_BINARY_NAME ?? 'terraform';
  await promisify(execFile)(terraform, [`-chdir=${folder}`, 'init', '-input=false'], { env });
};

const Requiring = z.object({
  terraform: z.object({ required_providers: z.object({ aws: z.object({ version: z.string() }) }) }),
});

export interface Program {
  readonly path: string;
  /** Where what is known of this version may be kept. */
  readonly folder: string;
}

export const findProvider = (host: Host): Promise<Program> =>
  alone(async () => {
    const { json } = synthesized(() => {});
    const { version } = Requiring.parse(JSON.parse(json)).terraform.required_providers.aws;
    const folder = join(repository, 'node_modules/.cache/countersign/provider', version);
    const providers = join(folder, '.terraform/providers');
    const kept = await programIn(providers);
    if (kept !== undefined) return { path: kept, folder };
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'cdk.tf.json'), json);
    await fetchInto(host, folder);
    const path = await programIn(providers);
    if (path === undefined) throw new Error(`terraform has put no provider into ${providers}`);
    await access(path);
    return { path, folder };
  });
