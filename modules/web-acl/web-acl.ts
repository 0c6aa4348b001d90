/** A web application firewall's rules, with a log of what they stop. */
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { Wafv2IpSet } from '@cdktf/provider-aws/lib/wafv2-ip-set/index.js';
import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl/index.js';
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association/index.js';
import { Wafv2WebAclLoggingConfiguration } from '@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration/index.js';
import { Construct } from 'constructs';
import { LogGroup } from '../logs/log-group.ts';
import { basicRules, fullRules, type RuleProps } from './rules.ts';

export interface WebAclProps extends Omit<RuleProps, 'officeSetArn'> {
  readonly name: string;
  /** CLOUDFRONT must be made in us-east-1, see `provider`. */
  readonly scope: 'CLOUDFRONT' | 'REGIONAL';
  readonly level: 'basic' | 'full';
  /** Networks that may connect from anywhere; with no country named, only they may. Level full. */
  readonly officeCidrs: readonly string[];
  /** Headers with secrets, besides Authorization and Cookie; none comes into the log. */
  readonly secretHeaders: readonly string[];
  readonly logRetentionDays: number;
  /** Key of the log, in the same region. Default: CloudWatch's own. */
  readonly logKeyArn?: string | undefined;
  /** ARN of the load balancer to stand before, with scope REGIONAL. */
  readonly protects?: string | undefined;
  /** Provider of the region to make it in. Default: the stack's. */
  readonly provider?: AwsProvider | undefined;
}

export class WebAcl extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { name, level, provider } = props;
    const rules = level === 'full' ? fullRules({ ...props, officeSetArn: this.#offices(props) }) : basicRules(props);
    const acl = new Wafv2WebAcl(this, 'acl', {
      name,
      description: `${level} rules of ${name}`,
      scope: props.scope,
      defaultAction: { allow: {} },
      rule: rules.map((rule, priority) => ({ ...rule, priority })),
      visibilityConfig: { cloudwatchMetricsEnabled: true, metricName: name, sampledRequestsEnabled: true },
      provider,
    });
    this.name = name;
    this.arn = acl.arn;
    if (props.protects !== undefined)
      new Wafv2WebAclAssociation(this, 'association', {
        resourceArn: props.protects,
        webAclArn: acl.arn,
        provider,
        // A load balancer has one, so destroying the old association would take off the new ACL:
        // https://github.com/pulumi/pulumi-aws/issues/4782
        lifecycle: { createBeforeDestroy: false },
      });
    this.#log(props);
  }

  #offices({ name, scope, officeCidrs, provider }: WebAclProps): string | undefined {
    if (officeCidrs.length === 0) return undefined;
    return new Wafv2IpSet(this, 'offices', {
      name: `${name}-offices`,
      description: 'Networks that may connect from anywhere',
      scope,
      ipAddressVersion: 'IPV4',
      addresses: [...officeCidrs],
      provider,
    }).arn;
  }

  #log({ name, secretHeaders, logRetentionDays, logKeyArn, provider }: WebAclProps): void {
    const group = new LogGroup(this, 'logs', {
      // A web ACL logs to no group of another name.
      name: `aws-waf-logs-${name}`,
      retentionDays: logRetentionDays,
      keyArn: logKeyArn,
      provider,
    });
    new Wafv2WebAclLoggingConfiguration(this, 'logging', {
      resourceArn: this.arn,
      logDestinationConfigs: [group.arn],
      redactedFields: ['authorization', 'cookie', ...secretHeaders].map((header) => ({
        singleHeader: { name: header },
      })),
      // What was let through stands in the access log.
      loggingFilter: {
        defaultBehavior: 'DROP',
        filter: [
          {
            behavior: 'KEEP',
            requirement: 'MEETS_ANY',
            condition: ['BLOCK', 'COUNT', 'EXCLUDED_AS_COUNT'].map((action) => ({ actionCondition: { action } })),
          },
        ],
      },
      provider,
    });
  }
}
