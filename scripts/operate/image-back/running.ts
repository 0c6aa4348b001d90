/** The images that an environment's services run now, in all of its regions. */
import { DescribeTaskDefinitionCommand, ECSClient } from '@aws-sdk/client-ecs';
import type { Operated } from '../operated.ts';
import { runningNames } from '../running.ts';
import { readServices } from '../services.ts';

export const runningImages = async ({ deployments }: Operated): Promise<string[]> => {
  const images = deployments
    .filter(({ settings }) => settings.compute_mode === 'fargate')
    .map(async (deployment) => {
      const client = new ECSClient({ region: deployment.region });
      const { cluster, services } = runningNames(deployment);
      const running = (await readServices(client, cluster, Object.values(services)))
        .map(({ taskDefinition }) => taskDefinition)
        .filter((arn) => arn !== undefined);
      const definitions = await Promise.all(
        running.map((taskDefinition) => client.send(new DescribeTaskDefinitionCommand({ taskDefinition }))),
      );
      return definitions.flatMap(({ taskDefinition }) =>
        (taskDefinition?.containerDefinitions ?? [])
          .filter(({ name }) => name === deployment.settings.container_name)
          .map(({ image = '' }) => image),
      );
    });
  return (await Promise.all(images)).flat();
};
