/** What cdktf runs: the environment named by ENVIRONMENT becomes Terraform in CDKTF_OUTDIR. See docs/deploying. */
import { env, exit, stderr } from 'node:process';
import { isRefused, synthesize } from './modules/stacks/synthesize.ts';
import { targetOf } from './modules/stacks/target.ts';
import { EnvironmentError, readEnvironment } from './modules/tfvars/read.ts';

try {
  const { label, regions, places } = await readEnvironment(import.meta.dirname, env.ENVIRONMENT);
  await synthesize({ label, regions, places, target: targetOf(env), outdir: env.CDKTF_OUTDIR ?? 'cdktf.out' });
} catch (error) {
  if (!(error instanceof EnvironmentError) && !isRefused(error)) throw error;
  stderr.write(`${error.message}\n`);
  exit(1);
}
