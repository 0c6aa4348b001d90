/** `npm run synth -- --environment staging`: Terraform JSON of an environment, without credentials. */
import { defineCommand, runAsProgram } from './platform/command.ts';
import { environment, json, offline, out, region } from './platform/options.ts';
import { openWorkspace } from './platform/workspace.ts';

export const synth = defineCommand({
  name: 'synth',
  summary: 'Turns the settings of an environment into Terraform, one folder of JSON a stack. Needs no credentials.',
  exits: { 0: 'synthesized' },
  options: { environment, region, offline, out, json },
  run: async (values, host) => {
    const workspace = await openWorkspace(host, {
      ...values,
      ...(values.offline === true && { target: { kind: 'offline' } }),
    });
    for (const { name, folder } of workspace.stacks) host.out(`${name}  ${folder}`);
    host.report({
      environment: workspace.environment,
      stacks: workspace.stacks.map(({ name, folder, region: at }) => ({ stack: name, folder, region: at })),
    });
    return 0;
  },
});

await runAsProgram(import.meta.main, synth);
