/** Names of the resources of one environment. */
import type { Settings } from '../../contracts/settings/resolve.ts';
import { type NameableKind, wholeNameOf } from '../../contracts/settings/whole-names.ts';

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

export const namesOf = (settings: Settings): Names => {
  const { name_prefix: prefix, account_id, secret_prefix } = settings;
  const [region] = settings.regions;
  return {
    of: (kind) => wholeNameOf(settings, kind),
    with: (suffix) => `${prefix}-${suffix}`,
    secret: (name) => `${secret_prefix}/${name}`,
    bucket: (purpose) => {
      const end = `-${purpose}-${account_id}-${region}`;
      // S3 allows 63 characters; purpose, account and region are what makes it unique.
      return prefix.slice(0, 63 - end.length) + end;
    },
  };
};
