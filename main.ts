/** What cdktf runs: the environment named by ENVIRONMENT becomes Terraform in CDKTF_OUTDIR. See docs/deploying. */
import { env, exit, stderr } from 'node:process';
import { synthesize } from './modules/stacks/synthesize.ts';
import { targetOf } from './modules/stacks/target.ts';
import { EnvironmentError, readEnvironment } from './modules/tfvars/read.ts';

try {
  const { label, regions } = await readEnvironment(import.meta.dirname, env.ENVIRONMENT);
  await synthesize({ label, regions, target: targetOf(env), outdir: env.CDKTF_OUTDIR ?? 'cdktf.out' });
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  stderr.write(`${error.message}\n`);
  exit(1);
}
