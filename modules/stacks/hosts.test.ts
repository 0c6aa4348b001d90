import { primaryDeploymentOf } from '../testing/synthesized.ts';
import { certificateNames, hostsOf, verifiesOrigin } from './hosts.ts';

const names = { domain_name: 'mcp.example.com', hosted_zone_id: 'Z0123456789' };

describe('who answers under which name', () => {
  it('the load balancer, with ingress_mode alb', async () => {
    const deployment = await primaryDeploymentOf('examples/tag-governance/prod', names);
    expect(hostsOf(deployment)).toEqual({ loadBalancer: 'mcp.example.com' });
    expect(certificateNames(deployment)).toEqual(['mcp.example.com']);
    expect(verifiesOrigin(deployment)).toBe(false);
  });

  it('the HTTP API before a load balancer without a name, with api-gateway', async () => {
    const deployment = await primaryDeploymentOf('dev', names);
    expect(hostsOf(deployment)).toEqual({ httpApi: 'mcp.example.com' });
    expect(certificateNames(deployment)).toEqual(['mcp.example.com']);
    expect(verifiesOrigin(deployment)).toBe(false);
  });

  it('the distribution, and both behind it under names of their own, with edge', async () => {
    const deployment = await primaryDeploymentOf('staging', names);
    expect(hostsOf(deployment)).toEqual({
      distribution: 'mcp.example.com',
      loadBalancer: 'origin-mcp.example.com',
      httpApi: 'api-mcp.example.com',
    });
    expect(certificateNames(deployment)).toEqual(['mcp.example.com', 'origin-mcp.example.com', 'api-mcp.example.com']);
    expect(verifiesOrigin(deployment)).toBe(true);
  });

  it('the distribution of the primary region, and in each other what is behind it', async () => {
    const deployment = { ...(await primaryDeploymentOf('staging', names)), primary: false };
    expect(hostsOf(deployment)).toEqual({
      loadBalancer: 'origin-mcp.example.com',
      httpApi: 'api-mcp.example.com',
    });
  });

  it('a private load balancer behind the edge has no name, and needs no header without the API', async () => {
    const inside = { ...names, rest_facade: false, api_key_required: false };
    const deployment = await primaryDeploymentOf('examples/marketing/prod', inside);
    expect(hostsOf(deployment)).toEqual({ distribution: 'mcp.example.com' });
    expect(verifiesOrigin(deployment)).toBe(false);
  });

  it('the distribution before the HTTP API of a function', async () => {
    const deployment = await primaryDeploymentOf('examples/startup/prod', names);
    expect(hostsOf(deployment)).toEqual({ distribution: 'mcp.example.com', httpApi: 'api-mcp.example.com' });
    expect(verifiesOrigin(deployment)).toBe(true);
  });

  it('nobody without a domain name', async () => {
    const deployment = await primaryDeploymentOf('examples/market-data/weekend');
    expect(hostsOf(deployment)).toEqual({ loadBalancer: undefined });
    expect(certificateNames(deployment)).toBeUndefined();
  });
});
