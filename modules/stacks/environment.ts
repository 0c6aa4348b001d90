/** One environment in one region: its layers, in one state or in one state each. */
import { type App, Aspects, type TerraformStack } from 'cdktf';
import { FailOnBreach } from '../policy/policies.ts';
import { bindRoles } from './access.ts';
import { AuthLayer } from './auth.ts';
import { BackendLayer } from './backend.ts';
import { declareOutputs, readOutputs } from './crossing.ts';
import type { Deployment } from './deployment.ts';
import { DomainLayer } from './domain.ts';
import { EnvironmentStack } from './environment-stack.ts';
import { MonitoringLayer } from './monitoring.ts';
import { NetworkLayer } from './network.ts';
import { networkOfferOf } from './network-offer.ts';
import { declareOperatorOutputs } from './operator-outputs.ts';
import { controlReasonsOf } from './protection.ts';
import { addProvider } from './provider.ts';
import { addState } from './state.ts';
import { StorageLayer } from './storage.ts';
import { TagEverything } from './tags.ts';

/** In the order they are applied. */
export const layers = ['network', 'storage', 'domain', 'auth', 'backend', 'monitoring'] as const;
export type LayerName = (typeof layers)[number];

/** Opens the stack of a layer, and carries outputs from the layer that made them to the one that reads them. */
interface Layout {
  readonly stackOf: (layer: LayerName) => TerraformStack;
  readonly made: <T extends object>(layer: LayerName, outputs: T) => T;
  readonly read: <T extends object>(reader: LayerName, producer: LayerName, outputs: T) => T;
}

// cdktf calls a stack's state 'backend', so the backend layer is the construct 'service'.
const openStack = (app: App, id: string, deployment: Deployment, layer?: LayerName): TerraformStack => {
  const { settings, primary } = deployment;
  const stack = new EnvironmentStack(app, id);
  addProvider(stack, deployment.target, deployment.region, settings.account_id);
  addState(stack, deployment, layer);
  Aspects.of(stack).add(new TagEverything(settings, id));
  bindRoles(stack, deployment);
  Aspects.of(stack).add(
    new FailOnBreach({
      prod: settings.kind === 'prod',
      network: networkOfferOf(deployment),
      primary,
      controlReasons: controlReasonsOf(deployment),
      settled: { settings, place: deployment.place },
    }),
  );
  return stack;
};

const single = (app: App, id: string, deployment: Deployment): Layout => {
  const stack = openStack(app, id, deployment);
  return {
    stackOf: () => stack,
    made: (_, outputs) => outputs,
    read: (_reader, _producer, outputs) => outputs,
  };
};

const layered = (app: App, id: string, deployment: Deployment): Layout => {
  const stacks = new Map<LayerName, TerraformStack>();
  const stackOf = (layer: LayerName): TerraformStack => {
    const stack = stacks.get(layer) ?? openStack(app, `${id}-${layer}`, deployment, layer);
    stacks.set(layer, stack);
    return stack;
  };
  return {
    stackOf,
    made: (layer, outputs) => {
      declareOutputs(stackOf(layer), outputs);
      return outputs;
    },
    read: (reader, producer, outputs) => {
      stackOf(reader).addDependency(stackOf(producer));
      return readOutputs(stackOf(reader), deployment, producer, outputs);
    },
  };
};

/**
 * Adds the stack or stacks of one region to the app.
 * @param id start of the stack names: `staging-us-east-1`, with `-network` and the like when layered
 */
export const addEnvironment = (app: App, id: string, deployment: Deployment): void => {
  const { stackOf, made, read } =
    deployment.settings.state_layout === 'layered' ? layered(app, id, deployment) : single(app, id, deployment);
  const network = deployment.shape.vpc
    ? made('network', new NetworkLayer(stackOf('network'), 'network', { deployment }).outputs)
    : undefined;
  const networkFor = (reader: LayerName) => network && read(reader, 'network', network);
  const storage = made(
    'storage',
    new StorageLayer(stackOf('storage'), 'storage', { deployment, network: networkFor('storage') }).outputs,
  );
  const domain = made('domain', new DomainLayer(stackOf('domain'), 'domain', { deployment }).outputs);
  const auth = made(
    'auth',
    new AuthLayer(stackOf('auth'), 'auth', {
      deployment,
      storage: read('auth', 'storage', storage),
      domain: read('auth', 'domain', domain),
    }).outputs,
  );
  const behind = {
    network: networkFor('backend'),
    storage: read('backend', 'storage', storage),
    domain: read('backend', 'domain', domain),
    auth: read('backend', 'auth', auth),
  };
  const backend = made('backend', new BackendLayer(stackOf('backend'), 'service', { deployment, ...behind }).outputs);
  declareOperatorOutputs(stackOf('backend'), { ...behind, backend });
  new MonitoringLayer(stackOf('monitoring'), 'monitoring', {
    deployment,
    network: networkFor('monitoring'),
    storage: read('monitoring', 'storage', storage),
    auth: read('monitoring', 'auth', auth),
    backend: read('monitoring', 'backend', backend),
  });
};
