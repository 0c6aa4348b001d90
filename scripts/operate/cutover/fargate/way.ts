/** Cutovers of services on Fargate behind a load balancer. The HTTP API and the edge lead to the same rule. */
import type { Deployment } from '../../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../../platform/problem.ts';
import { runningNames } from '../../running.ts';
import type { Found, Way } from '../ports.ts';
import { type Saved, weightsText } from '../run.ts';
import { type FargateClients, fargateClients } from './clients.ts';
import { figuresOf } from './figures.ts';
import { findRule, type LiveRule, readRule, writeRule } from './rule.ts';
import { type Place, scaleService, surveyService, warmthOf } from './services.ts';

/** Which colour has all traffic, and which none. @throws OperatorProblem where it is split, or tied to clients */
const variantsIn = ({ live: { weights, odd }, groups }: LiveRule, colours: readonly string[]): Found['variants'] => {
  if (odd !== undefined) throw new OperatorProblem(`${odd}: a cutover begins from a rule as Terraform makes it.`);
  const missing = colours.filter((colour) => groups[colour] === undefined || weights[colour] === undefined);
  if (missing.length > 0 || Object.keys(weights).length !== colours.length)
    throw new OperatorProblem(
      `The rule leads to ${weightsText(weights) || 'nothing'}, not to the target groups of ${colours.join(' and ')}.`,
    );
  const [old, ...others] = colours.filter((colour) => (weights[colour] ?? 0) > 0);
  const fresh = colours.find((colour) => colour !== old);
  if (old === undefined || fresh === undefined || others.length > 0)
    throw new OperatorProblem(
      `Traffic is split already (${weightsText(weights)}), and by no open cutover: give one colour all of it first, as docs/runbooks/counts-and-weights.md says.`,
    );
  return { old, new: fresh };
};

const checkCounts = (
  { old, new: fresh }: Found['variants'],
  saved: Readonly<Record<string, Saved>>,
  wanted: string,
) => {
  if ((saved[old]?.desired ?? 0) === 0)
    throw new OperatorProblem(`${old} takes traffic and is to run no task: npm run scale first.`);
  const image = saved[fresh]?.image;
  if (image !== wanted)
    throw new OperatorProblem(
      `${fresh} is to run ${image}, and the settings say ${wanted}: npm run deploy, so that the cutover is to what was reviewed.`,
    );
};

const survey = async (clients: FargateClients, deployment: Deployment): Promise<Found> => {
  const { settings, shape } = deployment;
  const { cluster, services, loadBalancer } = runningNames(deployment);
  const rule = await findRule(clients.balancing, loadBalancer, shape.colours);
  const variants = variantsIn(rule, shape.colours);
  const saved: Record<string, Saved> = {};
  for (const [colour, service] of Object.entries(services))
    saved[colour] = await surveyService(clients, { cluster, service }, settings.container_name);
  const wanted = variants.new === 'green' ? settings.image_green : settings.image_blue;
  checkCounts(variants, saved, wanted ?? '');
  const { rule: arn, listener, loadBalancer: balancer, groups, live } = rule;
  return {
    variants,
    parts: { rule: arn, listener, loadBalancer: balancer, ...groups },
    weights: live.weights,
    saved,
  };
};

export const fargateWay = (deployment: Deployment, clients = fargateClients(deployment.region)): Way => {
  const { cluster, services } = runningNames(deployment);
  const placeOf = (colour: string): Place => ({ cluster, service: services[colour] ?? '' });
  return {
    survey: () => survey(clients, deployment),
    live: (run) => readRule(clients.balancing, run),
    setWeights: (run, weights) => writeRule(clients.balancing, run, weights),
    scale: (_, colour, to, how) => scaleService(clients, placeOf(colour), to, how),
    warmth: ({ parts }, colour, atLeast) => warmthOf(clients, placeOf(colour), parts[colour] ?? '', atLeast),
    figures: (run, from, to) => figuresOf(clients.metrics, run, from, to),
  };
};
