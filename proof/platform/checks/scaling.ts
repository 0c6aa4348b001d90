/** How services scale, as AWS tells of them. */
import { primary, type Told } from '../seen.ts';

export const checkScaling = (told: Told): void => {
  it.each([
    [
      'prod',
      [
        ['countersign-prod-service', 3, 10],
        ['countersign-prod-service-green', 0, 10],
      ],
    ],
    ['examples/marketing/prod', [['marketing-mcp-service', 3, 10]]],
    [
      'examples/tag-governance/prod',
      [
        ['tagging-mcp-server', 2, 10],
        ['tagging-mcp-server-green', 0, 10],
      ],
    ],
    ['examples/alerts/prod', [['alert-engine-backend-prod', 2, 10]]],
    ['dev', []],
    ['staging', []],
    ['examples/market-data/dev', []],
  ])('%s keeps within %j', async (name, limits) => {
    const { targets } = (await primary(told, name)).compute;
    const limited = targets.map(({ ResourceId, MinCapacity, MaxCapacity }) => [
      ResourceId?.split('/').at(-1),
      MinCapacity,
      MaxCapacity,
    ]);
    expect(limited.toSorted()).toEqual(limits);
  });

  it.each([
    ['prod', { cpu: 70, memory: 80 }],
    ['examples/alerts/prod', { cpu: 70, memory: 80 }],
    ['examples/tag-governance/prod', { cpu: 70 }],
    ['examples/marketing/prod', { memory: 80 }],
  ])('%s follows its targets: %j', async (name, figures) => {
    const { policies } = (await primary(told, name)).compute;
    const values = policies.flatMap(({ PolicyName = '', TargetTrackingScalingPolicyConfiguration: target }) =>
      target === undefined ? [] : [[PolicyName.split('-').at(-1), target.TargetValue] as const],
    );
    expect(Object.fromEntries(values)).toEqual(figures);
  });

  it('the marketing server goes up by one after 3 minutes and down by one after 10', async () => {
    const { policies } = (await primary(told, 'examples/marketing/prod')).compute;
    const step = (end: string) =>
      policies.find(({ PolicyName }) => PolicyName?.endsWith(end))?.StepScalingPolicyConfiguration;
    expect(step('step-out')).toMatchObject({ Cooldown: 180, StepAdjustments: [{ ScalingAdjustment: 1 }] });
    expect(step('step-in')).toMatchObject({ Cooldown: 600, StepAdjustments: [{ ScalingAdjustment: -1 }] });
  });
};
