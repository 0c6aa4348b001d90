/** `npm run image:back -- --environment staging`: goes back to the previous version, where there is one colour. */
import type { Deployment } from '../modules/stacks/deployment.ts';
import { refuseWhileOpen } from './operate/cutover/open-run.ts';
import type { Back } from './operate/image-back/back.ts';
import { writeImage } from './operate/image-back/file.ts';
import { backOfFunction } from './operate/image-back/function.ts';
import { backOfTasks } from './operate/image-back/tasks.ts';
import { callingAws, checkOperator, openOperated } from './operate/operated.ts';
import { table } from './operate/table.ts';
import { agree } from './platform/agree.ts';
import { defineCommand, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during } from './platform/host.ts';
import { environment, json, region } from './platform/options.ts';
import { OperatorProblem } from './platform/problem.ts';

const backOf = (deployment: Deployment, to: string | undefined): Promise<Back> => {
  const { compute_mode, blue_green, instance_cutover } = deployment.settings;
  if (blue_green)
    throw new OperatorProblem(
      'There are two colours: npm run cutover -- rollback moves the traffic back to the old one.',
    );
  switch (compute_mode) {
    case 'fargate':
      return backOfTasks(deployment, to);
    case 'lambda':
      return backOfFunction(deployment, to);
    case 'ec2':
      throw new OperatorProblem(
        `Instances start with the image of their launch template, which Terraform makes: set container_image to the one before, and npm run deploy${instance_cutover ? ', then npm run cutover' : ''}.`,
      );
  }
};

export const imageBack = defineCommand({
  name: 'image:back',
  summary: 'Goes back to the previous task definition, or version of a function, where there is one colour.',
  notes: [
    'It needs no plan. A second call goes no further back; only --to does. The image is then written into the environment’s file, so that',
    'the next deployment keeps it: commit that file. npm run drift then reports nothing. Never go back by more than one release:',
    'docs/operating.md says why.',
  ].join('\n'),
  exits: { 0: 'the previous version runs again, or did already', 2: 'with --dry-run: it would go back' },
  options: {
    environment,
    region,
    to: {
      type: 'string',
      value: 'VERSION',
      description: 'Tag, digest or revision; of a function its version. Default: the one before.',
    },
    json,
    yes: { type: 'boolean', description: 'Asks nothing.' },
    'dry-run': { type: 'boolean', description: 'Says what would run, and changes nothing.' },
  },
  run: async (values, host) => {
    const operated = await openOperated(host, values);
    await checkOperator(host, operated);
    return callingAws(operated, async () => {
      await refuseWhileOpen(operated.deployments, 'image:back');
      const backs = await during(host, 'Looking for what ran before', () =>
        Promise.all(operated.deployments.map((deployment) => backOf(deployment, values.to))),
      );
      host.out(
        table(
          ['region', 'what', 'now', 'then'],
          backs.map(({ region: at, what, now, next }) => [at, what, now, next]),
        ),
      );
      for (const remark of new Set(backs.flatMap(({ remarks }) => remarks))) host.err(remark);
      const told = backs.map(({ go: _, remarks: __, ...back }) => back);
      if (values['dry-run'] === true) {
        host.report({ environment: operated.environment, outcome: 'planned', backs: told });
        return backs.every(({ now, next }) => now === next) ? exitCodes.done : exitCodes.attention;
      }
      await agree(host, values.yes);
      for (const { what, region: at, go } of backs) await during(host, `Going back: ${what} in ${at}`, go);
      const [image, ...others] = new Set(backs.map((back) => back.image));
      const kept = image === undefined || (others.length === 0 && (await writeImage(host, operated, image)));
      host.out('What ran before runs again.');
      if (image !== undefined)
        host.out(
          kept
            ? `${operated.file} says ${image} now: commit it. The next deployment keeps it.`
            : `Set the image in ${operated.file} to ${[image, ...others].join(', ')} yourself: the next deployment would go forward again.`,
        );
      host.report({
        environment: operated.environment,
        outcome: 'back',
        backs: told,
        fileWritten: image !== undefined && kept,
      });
      return exitCodes.done;
    });
  },
});

await runAsProgram(import.meta.main, imageBack);
