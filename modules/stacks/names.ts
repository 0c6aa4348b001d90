/** Names of the resources of one environment. */
import type { Settings } from '../../contracts/settings/resolve.ts';
import type { NameableKind } from '../../contracts/settings/whole-names.ts';

export interface Names {
  /** The whole name of one of the kinds that a setting can name. */
  readonly of: (kind: NameableKind) => string;
  /** `<name_prefix>-<suffix>`. */
  readonly with: (suffix: string) => string;
  /** `<secret_prefix>/<name>`. */
  readonly secret: (name: string) => string;
  /** A bucket's name, which must be unique in the world: `<name_prefix>-<purpose>-<account>-<region>`. */
  readonly bucket: (purpose: string) => string;
}

const defaults: Partial<Record<NameableKind, (prefix: string) => string>> = {
  'load-balancer': (prefix) => `${prefix}-alb`,
  'log-group': (prefix) => `/aws/ecs/${prefix}`,
  'target-group': (prefix) => `${prefix}-tg`,
  'task-family': (prefix) => `${prefix}-task`,
};

export const namesOf = (settings: Settings): Names => {
  const { name_prefix: prefix, names, account_id, secret_prefix } = settings;
  const [region] = settings.regions;
  return {
    of: (kind) => names[kind] ?? defaults[kind]?.(prefix) ?? `${prefix}-${kind}`,
    with: (suffix) => `${prefix}-${suffix}`,
    secret: (name) => `${secret_prefix}/${name}`,
    bucket: (purpose) => {
      const end = `-${purpose}-${account_id}-${region}`;
      // S3 allows 63 characters; purpose, account and region are what makes it unique.
      return prefix.slice(0, 63 - end.length) + end;
    },
  };
};
