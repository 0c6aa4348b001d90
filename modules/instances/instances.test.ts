import { LogGroup } from '../logs/log-group.ts';
import { type Block, synthesized } from '../testing/synthesized.ts';
import { Instances, type InstancesProps } from './instances.ts';

const props: InstancesProps = {
  name: 'startup',
  amiId: 'ami-12c6146b',
  instanceType: 't3.micro',
  diskGb: 20,
  profileName: 'startup-instance',
  subnetIds: ['subnet-1', 'subnet-2'],
  securityGroupIds: ['sg-1'],
  publicIp: true,
  targetGroupArns: ['arn:aws:elasticloadbalancing:::targetgroup/a/1'],
  min: 1,
  max: 2,
  desired: 1,
  cpuTarget: 60,
  healthGrace: 180,
  minimumPercent: 100,
  maximumPercent: 400,
  replacedByTerraform: true,
  boot: {
    name: 'mcp-server',
    image: 'example/app:v1',
    region: 'us-east-1',
    environment: {},
    secrets: {},
    logGroup: '/aws/ecs/app',
    logStreamPrefix: 'ecs',
    readonlyRoot: true,
    stopTimeout: 30,
  },
  tags: { Project: 'startup' },
  dependsOn: [],
};
const made = (changes: Partial<InstancesProps> = {}) =>
  synthesized((stack) => new Instances(stack, 'instances', { ...props, ...changes }));

describe('the instances', () => {
  const template: Block = made().one('aws_launch_template');
  const group: Block = made().one('aws_autoscaling_group');

  it('hand their credentials to nobody but themselves, and only for a token', () => {
    expect(template.metadata_options).toEqual({
      http_endpoint: 'enabled',
      http_tokens: 'required',
      http_put_response_hop_limit: 1,
    });
    expect(template).not.toHaveProperty('key_name');
    expect(template.iam_instance_profile).toEqual({ name: 'startup-instance' });
  });

  it('have an encrypted disk, and the address and groups they are told', () => {
    expect(template).toMatchObject({
      image_id: 'ami-12c6146b',
      instance_type: 't3.micro',
      block_device_mappings: [{ ebs: { encrypted: 'true', volume_type: 'gp3', volume_size: 20 } }],
      network_interfaces: [{ associate_public_ip_address: 'true', security_groups: ['sg-1'] }],
    });
  });

  it('and their disks carry the environment’s tags', () => {
    expect(template.tag_specifications).toEqual([
      { resource_type: 'instance', tags: { Name: 'startup', Project: 'startup' } },
      { resource_type: 'volume', tags: { Name: 'startup', Project: 'startup' } },
    ]);
  });

  it('boot from a text whose references Terraform resolves', () => {
    const made = synthesized((stack) => {
      const { name: logGroup } = new LogGroup(stack, 'logs', { name: '/aws/ecs/app', retentionDays: 7 });
      new Instances(stack, 'instances', { ...props, boot: { ...props.boot, logGroup } });
    });
    const { locals } = JSON.parse(made.json) as { locals: Record<string, string> };
    const [[name, text] = []] = Object.entries(locals);
    const [group] = Object.keys(made.all('aws_cloudwatch_log_group'));
    expect(text).toContain(`awslogs-group='\${aws_cloudwatch_log_group.${group}.name}'`);
    expect(made.one('aws_launch_template').user_data).toBe(`\${base64encode(local.${name})}`);
  });

  it('are one to two over the zones, replaced when the load balancer finds them ill', () => {
    expect(group).toMatchObject({
      min_size: 1,
      max_size: 2,
      desired_capacity: 1,
      vpc_zone_identifier: ['subnet-1', 'subnet-2'],
      target_group_arns: props.targetGroupArns,
      health_check_type: 'ELB',
      health_check_grace_period: 180,
    });
  });

  it('are replaced one after the other by a new template, and back if that fails', () => {
    const [address] = Object.keys(made().all('aws_launch_template'));
    expect(group.launch_template).toEqual({
      id: `\${aws_launch_template.${address}.id}`,
      version: `\${aws_launch_template.${address}.latest_version}`,
    });
    expect(group.instance_refresh).toEqual({
      strategy: 'Rolling',
      preferences: { min_healthy_percentage: 100, max_healthy_percentage: 200, auto_rollback: true },
    });
  });

  it('follow the CPU, or stay as many as they are', () => {
    expect(made().one('aws_autoscaling_policy').target_tracking_configuration).toEqual({
      target_value: 60,
      predefined_metric_specification: { predefined_metric_type: 'ASGAverageCPUUtilization' },
    });
    expect(group.lifecycle).toEqual({ ignore_changes: ['desired_capacity'] });
    const fixed = made({ cpuTarget: undefined });
    expect(fixed.all('aws_autoscaling_policy')).toEqual({});
    expect(fixed.one('aws_autoscaling_group')).not.toHaveProperty('lifecycle');
  });

  it('stay as they are under a new template where others replace them', () => {
    const left = made({ replacedByTerraform: false, cpuTarget: undefined }).one('aws_autoscaling_group');
    expect(left).not.toHaveProperty('instance_refresh');
    expect(left.lifecycle).toEqual({ ignore_changes: ['launch_template[0].version'] });
    expect(left.launch_template).toEqual(group.launch_template);
  });

  it('have no more than 100 percent between the least and the most while they are replaced', () => {
    const half: Block = made({ minimumPercent: 50, maximumPercent: 200 }).one('aws_autoscaling_group');
    expect(half.instance_refresh).toMatchObject({
      preferences: { min_healthy_percentage: 50, max_healthy_percentage: 150 },
    });
  });
});
