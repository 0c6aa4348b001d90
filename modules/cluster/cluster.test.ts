import { synthesized } from '../testing/synthesized.ts';
import { Cluster, type ClusterProps } from './cluster.ts';

const made = (changes: Partial<ClusterProps> = {}) =>
  synthesized((stack) => new Cluster(stack, 'cluster', { name: 'app-cluster', ...changes }));

describe('the cluster', () => {
  it('runs on Fargate and on its Spot, and is measured', () => {
    const cluster = made();
    expect(cluster.one('aws_ecs_cluster')).toMatchObject({
      name: 'app-cluster',
      setting: [{ name: 'containerInsights', value: 'enabled' }],
    });
    expect(cluster.one('aws_ecs_cluster_capacity_providers')).toMatchObject({
      capacity_providers: ['FARGATE', 'FARGATE_SPOT'],
    });
  });

  it('is not measured when told so', () => {
    expect(made({ insights: false }).one('aws_ecs_cluster').setting).toEqual([
      { name: 'containerInsights', value: 'disabled' },
    ]);
  });

  it('logs and encrypts sessions, and knows of none without', () => {
    expect(made().one('aws_ecs_cluster').configuration).toBeUndefined();
    const exec = { keyArn: 'arn:aws:kms:::key/1', logGroupName: '/aws/ecs/app/sessions' };
    expect(made({ exec }).one('aws_ecs_cluster').configuration).toEqual({
      execute_command_configuration: {
        kms_key_id: exec.keyArn,
        logging: 'OVERRIDE',
        log_configuration: { cloud_watch_encryption_enabled: true, cloud_watch_log_group_name: exec.logGroupName },
      },
    });
  });
});
