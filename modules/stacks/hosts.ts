/** Which part of an environment answers under which host name, in one region. */
import type { Deployment } from './deployment.ts';

export interface Hosts {
  readonly loadBalancer?: string | undefined;
  readonly httpApi?: string | undefined;
  readonly distribution?: string | undefined;
}

/**
 * The part that clients reach has `domain_name`: the load balancer (alb), the HTTP API (api-gateway), or the
 * distribution (edge). Behind the distribution a public load balancer and the HTTP API have names of their own; a private
 * load balancer is reached by its ARN and needs none. One region holds the distribution of all.
 */
export const hostsOf = ({ settings, shape, primary }: Deployment): Hosts => {
  const { ingress_mode, domain_name, origin_domain_name, api_domain_name, alb_internal } = settings;
  switch (ingress_mode) {
    case 'alb':
      return { loadBalancer: domain_name };
    case 'api-gateway':
      return { httpApi: domain_name };
    case 'edge':
      return {
        ...(primary && { distribution: domain_name }),
        ...(shape.targetGroups && !alb_internal && { loadBalancer: origin_domain_name }),
        ...(shape.httpApi && { httpApi: api_domain_name }),
      };
  }
};

/** Names the certificate of the region covers. `domain_name` always: behind the edge it is what the Host header says. */
export const certificateNames = (deployment: Deployment): readonly [string, ...string[]] | undefined => {
  const { domain_name } = deployment.settings;
  if (domain_name === undefined) return undefined;
  const { loadBalancer, httpApi } = hostsOf(deployment);
  const others = [loadBalancer, httpApi].filter((name) => name !== undefined && name !== domain_name);
  return [domain_name, ...(others as string[])];
};

/** Whether requests must prove that they came through CloudFront: where something behind it can be reached from outside. */
export const verifiesOrigin = ({ settings, shape }: Deployment): boolean =>
  shape.distribution && (shape.httpApi || !settings.alb_internal);

/** Whether a colour can be looked at before it takes traffic, by a header with a secret in it. */
export const previewsColours = ({ settings, shape }: Deployment): boolean =>
  shape.colours.length > 1 && settings.preview_header;

/** Origin that people and clients type; undefined where only AWS will know its name. */
export const publicUrlOf = ({ settings, shape }: Deployment): string | undefined => {
  if (settings.domain_name === undefined) return undefined;
  return `${shape.tls ? 'https' : 'http'}://${settings.domain_name}`;
};
