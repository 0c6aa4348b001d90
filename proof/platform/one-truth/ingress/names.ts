/** From a name to what the stack's DNS records lead to. */
import { z } from 'zod';
import { type Referred, referenceIn, type Stack } from '../stack.ts';
import { distributionHop } from './distribution.ts';
import type { Hop } from './hop.ts';
import { type HttpApiParts, httpApiHop } from './http-api.ts';
import { listenerHop } from './load-balancer.ts';

export interface IngressParts extends Pick<HttpApiParts, 'functions'> {
  /** Origins of what registered, by name of the target group's block. */
  readonly targets: ReadonlyMap<string, string>;
}

const Record = z.object({ name: z.string(), alias: z.object({ name: z.string() }) });

/** An address in the first subnet of the VPC link. */
const linkAddressOf = (stack: Stack): string => {
  const [link] = stack.all('aws_apigatewayv2_vpc_link');
  if (link === undefined) return '';
  const subnet = stack.at(z.array(z.string()).parse(link[1].subnet_ids)[0]);
  return z
    .string()
    .parse(subnet.block.cidr_block)
    .replace(/\.\d+\/\d+$/, '.17');
};

const httpsListener = (stack: Stack, loadBalancer: string): Referred => {
  const found = stack
    .all('aws_lb_listener')
    .find(([, block]) => block.port === 443 && referenceIn(block.load_balancer_arn).name === loadBalancer);
  if (found === undefined) throw new Error(`nothing listens for https at ${loadBalancer}`);
  return { type: 'aws_lb_listener', name: found[0], block: found[1] };
};

const VpcOrigin = z.object({ vpc_origin_endpoint_config: z.array(z.object({ arn: z.string() })) });

/** A load balancer without a record, by the name that AWS gives it: a VPC origin leads to it. */
const privateLoadBalancer = (stack: Stack, host: string): string | undefined =>
  stack
    .all('aws_cloudfront_vpc_origin')
    .flatMap(([, block]) => VpcOrigin.parse(block).vpc_origin_endpoint_config.map(({ arn }) => referenceIn(arn).name))
    .find((name) => stack.text(`\${aws_lb.${name}.dns_name}`) === host);

/** @throws for a name without a record, or one that leads to what is not there */
export const ingressOf = (stack: Stack, { targets, functions }: IngressParts): ((host: string) => Hop) => {
  const linked = (listener: Referred) => listenerHop(stack, listener, targets);
  const aliases = stack.all('aws_route53_record').flatMap(([, block]) => Record.safeParse(block).data ?? []);
  const api = httpApiHop(stack, { functions, linked, linkAddress: linkAddressOf(stack) });
  const follow = (host: string): Hop => {
    const unnamed = privateLoadBalancer(stack, host);
    if (unnamed !== undefined) return linked(httpsListener(stack, unnamed));
    const record = aliases.find(({ name }) => name === host);
    if (record === undefined) throw new Error(`no record of the stack names ${host}`);
    const target = stack.at(record.alias.name);
    switch (target.type) {
      case 'aws_cloudfront_distribution':
        return distributionHop(stack, target.block, follow);
      case 'aws_apigatewayv2_domain_name':
        if (target.block.domain_name !== host)
          throw new Error(`${host} leads to the API, which is ${String(target.block.domain_name)}`);
        return api;
      case 'aws_lb':
        return linked(httpsListener(stack, target.name));
      default:
        throw new Error(`${host} leads to ${target.type}`);
    }
  };
  return follow;
};
