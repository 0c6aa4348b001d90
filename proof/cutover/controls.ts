/** Ways to stop tasks that do lose calls. A proof that does not notice them would prove nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client, ModifyRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { standInKeys } from '../../modules/stacks/target.ts';
import { FirstAgent } from '../../service/test/rigs/clients.ts';
import { Person } from '../../service/test/rigs/person.ts';
import type { Colour } from './estate.ts';
import type { Scene } from './scene.ts';

export interface Controls {
  /** As a person does by hand. */
  weigh(blue: number, green: number): Promise<void>;
  scale(colour: Colour, count: number): Promise<void>;
  /** Asks /health over and over while the work lasts. Answers how many were answered, and how many were not. */
  asking(work: () => Promise<unknown>): Promise<{ readonly answered: number; readonly failed: number }>;
  /** Calls of a tool that read the estate, as many at once. A call that is not answered within the time has failed. */
  reading(calls: number, timeoutMs: number): Promise<readonly ('answered' | 'failed')[]>;
  close(): Promise<void>;
}

/** How many ask at once. */
const ASKERS = 4;

export const openControls = async ({ emulator, estate, dataPlane }: Scene, region: string): Promise<Controls> => {
  const credentials = { accessKeyId: standInKeys.accessKey, secretAccessKey: standInKeys.secretKey };
  const config = { endpoint: emulator.url, region, credentials };
  const balancing = new ElasticLoadBalancingV2Client(config);
  const ecs = new ECSClient(config);
  const agent = await FirstAgent.connect(dataPlane.url, new Person('vera'));
  return {
    weigh: async (blue, green) => {
      const TargetGroups = [
        { TargetGroupArn: estate.groups.blue, Weight: blue },
        { TargetGroupArn: estate.groups.green, Weight: green },
      ];
      const Actions = [{ Type: 'forward' as const, ForwardConfig: { TargetGroups } }];
      await balancing.send(new ModifyRuleCommand({ RuleArn: estate.rule, Actions }));
      await dataPlane.settled();
    },
    scale: async (colour, desiredCount) => {
      const { cluster, services } = estate;
      await ecs.send(new UpdateServiceCommand({ cluster, service: services[colour], desiredCount }));
    },
    asking: async (work) => {
      let over = false;
      let [answered, failed] = [0, 0];
      const askers = Array.from({ length: ASKERS }, async () => {
        while (!over) {
          const ok = await fetch(`${dataPlane.url}/health`).then(
            async (answer) => answer.ok && (await answer.text()) !== '',
            () => false,
          );
          if (ok) answered++;
          else failed++;
          await sleep(10);
        }
      });
      await work();
      over = true;
      await Promise.all(askers);
      return { answered, failed };
    },
    reading: (calls, timeoutMs) =>
      Promise.all(
        Array.from({ length: calls }, () =>
          agent.call('check_tag_compliance', { force_refresh: true }, { signal: AbortSignal.timeout(timeoutMs) }).then(
            () => 'answered' as const,
            () => 'failed' as const,
          ),
        ),
      ),
    close: async () => {
      await agent.close();
      balancing.destroy();
      ecs.destroy();
    },
  };
};
