/** The service on instances: one container each, with the same image, variables, secrets and port as on Fargate. */
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { collectorArguments, collectorImage, collectorName } from '../container/definition.ts';
import { Instances } from '../instances/instances.ts';
import type { BootProps } from '../instances/user-data.ts';
import type { NamedArn } from './outputs.ts';
import { tagsOf } from './tags.ts';
import { type ColourParts, colourParts, placement, secretSources, userOf, type WorkloadProps } from './workload.ts';

const sidecar = { name: collectorName, image: collectorImage, command: collectorArguments };

const bootOf = (props: WorkloadProps, { image, environment }: ColourParts): BootProps => {
  const { settings, region } = props.deployment;
  return {
    name: settings.container_name,
    image,
    region,
    environment,
    secrets: secretSources(props),
    logGroup: props.logs.service.name,
    logStreamPrefix: settings.log_stream_prefix,
    user: userOf(settings),
    readonlyRoot: settings.readonly_root,
    stopTimeout: settings.stop_timeout_seconds,
    sidecar: settings.xray ? sidecar : undefined,
  };
};

/** Adds the group to `scope`. @throws when the settings promised something that is not there */
export const addInstances = (scope: Construct, props: WorkloadProps): NamedArn => {
  const { deployment, instanceProfileName, dependsOn } = props;
  const { settings, names } = deployment;
  if (instanceProfileName === undefined) throw new Error('the instance profile is missing');
  if (settings.ami_id === undefined) throw new Error('ami_id is missing');
  const parts = colourParts(props, 'blue');
  return new Instances(scope, 'instances', {
    name: names.of('service'),
    amiId: settings.ami_id,
    instanceType: settings.instance_type,
    diskGb: settings.instance_disk_gb,
    profileName: instanceProfileName,
    ...placement(props),
    targetGroupArns: [parts.targetGroup.arn],
    min: settings.min_count,
    max: settings.max_count,
    desired: settings.desired_count,
    cpuTarget: settings.autoscale ? settings.cpu_target : undefined,
    // It boots and pulls its image first, which takes some two minutes.
    healthGrace: settings.health_check_start_seconds + 120,
    minimumPercent: settings.minimum_healthy_percent,
    maximumPercent: settings.maximum_percent,
    replacedByTerraform: !settings.instance_cutover,
    boot: bootOf(props, parts),
    tags: tagsOf(settings, TerraformStack.of(scope).node.id),
    dependsOn,
  });
};
