/**
 * What the ways in have in common. Requests come in by two parts with the HTTP API between them: the load balancer
 * (load-balancing.ts) that an API's VPC link needs, and the edge (edge-front.ts) that needs the names of both.
 */
import type { Construct } from 'constructs';
import { tokenHeaders, webhooksOf } from '../../contracts/packs/index.ts';
import { WEBHOOK_BYTES } from '../../contracts/packs/pack.ts';
import { previewHeader } from '../../contracts/preview.ts';
import { routes } from '../../contracts/routes.ts';
import type { OfRegions } from '../domain/alias-record.ts';
import { HeaderSecret } from '../secrets/header-secret.ts';
import { customSurfaces, surfacesWith } from '../web-acl/surfaces.ts';
import type { WebAclProps } from '../web-acl/web-acl.ts';
import type { Deployment } from './deployment.ts';
import { previewsColours, verifiesOrigin } from './hosts.ts';

/** What requests must carry to pass for CloudFront's, where that is asked; the load balancer and the HTTP API check it. */
export const originVerification = (scope: Construct, deployment: Deployment): HeaderSecret | undefined =>
  verifiesOrigin(deployment) ? HeaderSecret.of(scope, 'origin_verify_values') : undefined;

/** What opens x-mcp-preview, where colours can be looked at. */
export const previewSecret = (scope: Construct, deployment: Deployment): HeaderSecret | undefined =>
  previewsColours(deployment) ? HeaderSecret.of(scope, 'preview_values') : undefined;

/** One of several regions' answers to a name, where the environment has several. */
export const ofRegions = (
  { settings, shape, region }: Deployment,
  healthCheck?: OfRegions['healthCheck'],
): OfRegions | undefined => {
  if (!shape.oneOfRegions) return undefined;
  const { home_region: home } = settings;
  return { region, routing: home === undefined ? 'latency' : home === region ? 'primary' : 'secondary', healthCheck };
};

/** Headers with tokens that requests to the enabled packs carry. */
export const packHeaders = ({ container, tool_packs }: Deployment['settings']): readonly string[] =>
  container === 'countersign' ? tokenHeaders(tool_packs) : [];

/** The web ACL's props that follow from the settings. */
/** How much the web ACL lets through to the webhooks of packs. */
const webhookBounds = ({ container, tool_packs }: Deployment['settings']) =>
  container === 'countersign'
    ? webhooksOf(tool_packs).map(({ path, rate, mostBytes = WEBHOOK_BYTES }) => ({
        path,
        ratePerMinute: rate * 60,
        mostBytes,
      }))
    : [];

export const webAclProps = ({ settings }: Deployment) =>
  ({
    level: settings.waf === 'full' ? 'full' : 'basic',
    ratePerMinute: settings.waf_rate_per_minute,
    toolRatePerMinute: settings.waf_tool_rate_per_minute,
    toolRatePerAddress: settings.waf_tool_rate_per_address,
    surfaces:
      settings.container === 'countersign'
        ? surfacesWith(settings.tool_packs)
        : customSurfaces(settings.health_check_path),
    webhooks: webhookBounds(settings),
    toolPath: routes.mcp.path,
    countries: settings.waf_allowed_countries,
    officeCidrs: settings.waf_allowed_cidrs,
    maxBodyBytes: settings.waf_max_body_bytes,
    maxHeaderBytes: settings.waf_max_header_bytes,
    secretHeaders: [
      previewHeader,
      ...(settings.api_key_required ? [settings.api_key_header] : []),
      ...packHeaders(settings),
    ],
    logRetentionDays: settings.log_retention_days,
  }) satisfies Partial<WebAclProps>;
