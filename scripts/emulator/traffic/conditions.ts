/** Whether a request meets the conditions of a listener's rule. */
import type { IncomingMessage } from 'node:http';
import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';

export type Asked = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/**
 * `*` is any text, `?` one character. Paths are compared with case, hosts and headers without.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-update-rules.html#rule-condition-types
 */
const matches = (pattern: string, text: string, flags = ''): boolean => {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, `s${flags}`).test(text);
};

const headerOf = (headers: Asked['headers'], name: string): readonly string[] =>
  [headers[name.toLowerCase()] ?? []].flat();

const judges: Readonly<Record<string, (condition: RuleCondition, asked: Asked) => boolean>> = {
  'path-pattern': ({ PathPatternConfig, Values }, { url = '/' }) => {
    const [path = '/'] = url.split('?');
    return (PathPatternConfig?.Values ?? Values ?? []).some((value) => matches(value, path));
  },
  'host-header': ({ HostHeaderConfig, Values }, { headers }) => {
    const host = (headers.host ?? '').replace(/:\d+$/, '');
    return (HostHeaderConfig?.Values ?? Values ?? []).some((value) => matches(value, host, 'i'));
  },
  'http-header': ({ HttpHeaderConfig }, { headers }) =>
    headerOf(headers, HttpHeaderConfig?.HttpHeaderName ?? '').some((text) =>
      (HttpHeaderConfig?.Values ?? []).some((value) => matches(value, text, 'i')),
    ),
  'http-request-method': ({ HttpRequestMethodConfig }, { method = '' }) =>
    (HttpRequestMethodConfig?.Values ?? []).includes(method),
};

/** @throws for a kind of condition that the stand-in cannot judge; a rule that never matches would hide it */
export const meets = (conditions: readonly RuleCondition[], asked: Asked): boolean =>
  conditions.every((condition) => {
    const judge = judges[condition.Field ?? ''];
    if (judge === undefined) throw new Error(`the data plane's stand-in knows no condition ${condition.Field}`);
    return judge(condition, asked);
  });
