/** How requests come in, and by which rules they reach a colour. */
import { LbListener, type LbListenerDefaultAction } from '@cdktf/provider-aws/lib/lb-listener/index.js';
import { LbListenerRule, type LbListenerRuleCondition } from '@cdktf/provider-aws/lib/lb-listener-rule/index.js';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { originVerifyHeader } from '../../contracts/gateway.ts';
import { listenerPriorities, previewHeader, previewValue } from '../../contracts/preview.ts';

export interface ListenersProps {
  readonly loadBalancerArn: string;
  /** Without it the only listener is HTTP on 80. */
  readonly certificateArn?: string | undefined;
  readonly sslPolicy: string;
  /** Listens on 80 too and sends clients to 443. */
  readonly redirectHttp: boolean;
  /** ARNs of the target groups, by colour. */
  readonly targetGroups: Readonly<Record<string, string>>;
  /** Takes all traffic when the rule is made; later weights are set outside Terraform. */
  readonly activeColour: string;
  /** Secrets that open x-mcp-preview. Default: no such rules. */
  readonly preview?: string[] | undefined;
  /** Values of x-origin-verify one of which every request must carry. Default: any request is taken. */
  readonly originVerify?: string[] | undefined;
}

/** Tag of the rule that carries the traffic, so that a role may move the weights of this rule only. */
export const liveRule = { key: 'Traffic', value: 'live' } as const;

const refusal = (statusCode: string, error: string): LbListenerDefaultAction => ({
  type: 'fixed-response',
  fixedResponse: { contentType: 'application/json', statusCode, messageBody: JSON.stringify({ error }) },
});

const header = (httpHeaderName: string, values: string[]): LbListenerRuleCondition => ({
  httpHeader: { httpHeaderName, values },
});

export class Listeners extends Construct {
  /** The listener that serves, on 443 or else on 80. */
  readonly arn: string;
  /** Rules that attach the target groups; a service can be made after them. */
  readonly rules: readonly LbListenerRule[];

  constructor(scope: Construct, id: string, props: ListenersProps) {
    super(scope, id);
    const main = this.#main(props);
    if (props.redirectHttp) this.#redirect(props.loadBalancerArn);
    this.arn = main.arn;
    this.rules = [...this.#preview(main, props), this.#live(main, props)];
  }

  #main({ loadBalancerArn, certificateArn, sslPolicy, originVerify }: ListenersProps): LbListener {
    return new LbListener(this, certificateArn === undefined ? 'http' : 'https', {
      loadBalancerArn,
      ...(certificateArn === undefined
        ? { port: 80, protocol: 'HTTP' }
        : {
            port: 443,
            protocol: 'HTTPS',
            certificateArn,
            sslPolicy,
            routingHttpResponseStrictTransportSecurityHeaderValue: 'max-age=31536000',
          }),
      routingHttpResponseServerEnabled: false,
      // The rule `live` matches every path; only what comes around the edge ends here.
      defaultAction: [originVerify === undefined ? refusal('404', 'not_found') : refusal('403', 'forbidden')],
    });
  }

  #redirect(loadBalancerArn: string): void {
    new LbListener(this, 'redirect', {
      loadBalancerArn,
      port: 80,
      protocol: 'HTTP',
      defaultAction: [{ type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } }],
    });
  }

  #preview(listener: LbListener, { targetGroups, preview, originVerify }: ListenersProps): LbListenerRule[] {
    if (preview === undefined) return [];
    return Object.entries(targetGroups).map(([colour, targetGroupArn], index) => {
      const values = Fn.formatlist(previewValue(colour, '%s'), [preview]);
      return new LbListenerRule(this, `preview-${colour}`, {
        listenerArn: listener.arn,
        priority: listenerPriorities.preview + index,
        condition: [header(previewHeader, values), ...verified(originVerify)],
        action: [{ type: 'forward', targetGroupArn }],
      });
    });
  }

  #live(listener: LbListener, { targetGroups, activeColour, originVerify }: ListenersProps): LbListenerRule {
    const colours = Object.entries(targetGroups);
    const rule = new LbListenerRule(this, 'live', {
      listenerArn: listener.arn,
      priority: listenerPriorities.live,
      tags: { [liveRule.key]: liveRule.value },
      condition: [{ pathPattern: { values: ['/*'] } }, ...verified(originVerify)],
      action: [
        {
          type: 'forward',
          forward: {
            targetGroup: colours.map(([colour, arn]) => ({ arn, weight: colour === activeColour ? 100 : 0 })),
            // A client tied to a colour would stay on it while the weights move.
            stickiness: { enabled: false, duration: 1 },
          },
        },
      ],
      // A cutover shifts the weights; an apply between must not shift them back.
      ...(colours.length > 1 && { lifecycle: { ignoreChanges: ['action'] } }),
    });
    rule.overrideLogicalId('live');
    return rule;
  }
}

const verified = (values: string[] | undefined): LbListenerRuleCondition[] =>
  values === undefined ? [] : [header(originVerifyHeader, values)];
