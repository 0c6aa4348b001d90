/** Who signs people in: user pool, client, groups, identity pool. With another provider there is nothing to make. */
import { Construct } from 'constructs';
import { routes } from '../../contracts/routes.ts';
import { baselineOf } from '../../contracts/scopes.ts';
import { Company } from '../identity/company.ts';
import { IdentityPool } from '../identity/identity-pool.ts';
import { SignIn } from '../identity/sign-in.ts';
import { UserPool } from '../identity/user-pool.ts';
import type { Deployment } from './deployment.ts';
import type { AuthOutputs, DomainOutputs, StorageOutputs } from './outputs.ts';

export interface AuthProps {
  readonly deployment: Deployment;
  readonly storage: StorageOutputs;
  readonly domain: DomainOutputs;
}

export class AuthLayer extends Construct {
  readonly outputs: AuthOutputs;

  constructor(scope: Construct, id: string, props: AuthProps) {
    super(scope, id);
    this.outputs = this.#outputs(props);
  }

  #outputs(props: AuthProps): AuthOutputs {
    const { settings } = props.deployment;
    switch (settings.auth) {
      case 'cognito':
        return this.#addCognito(props);
      case 'sso':
        return { issuer: settings.sso_issuer, clientId: settings.sso_client_id };
      case 'issuer':
        return { issuer: settings.auth_issuer };
      case 'none':
        return {};
    }
  }

  #addCognito({ deployment, storage }: AuthProps): AuthOutputs {
    const { settings, names, region } = deployment;
    const pool = new UserPool(this, 'people', {
      name: names.of('user-pool'),
      packs: settings.tool_packs,
      deletionProtection: settings.deletion_protection,
      mfa: settings.cognito_mfa,
      attributes: settings.cognito_attributes,
      threatProtection: settings.cognito_threat_protection,
    });
    const signIn = this.#addSignIn(deployment, pool);
    const identityPool = settings.identity_pool
      ? this.#addIdentityPool(deployment, storage, pool.id, signIn.clientId)
      : undefined;
    return {
      issuer: `https://cognito-idp.${region}.amazonaws.com/${pool.id}`,
      clientId: signIn.clientId,
      userPool: { id: pool.id, arn: pool.arn, domain: signIn.host },
      ...(identityPool && { identityPoolId: identityPool.id }),
    };
  }

  #addSignIn({ settings, names, region, target }: Deployment, pool: UserPool): SignIn {
    const { cognito_attributes: attributes, cognito_saml_metadata_url: metadataUrl } = settings;
    const company =
      metadataUrl === undefined
        ? undefined
        : new Company(this, 'company', { userPoolId: pool.id, metadataUrl, attributes });
    const origin = `https://${settings.domain_name}`;
    return new SignIn(this, 'sign-in', {
      name: names.with('sign-in'),
      userPoolId: pool.id,
      region,
      domainPrefix: settings.cognito_domain_prefix,
      callbackUrls:
        settings.cognito_callback_urls.length > 0
          ? settings.cognito_callback_urls
          : [`${origin}${routes.signInCallback.path}`],
      logoutUrls: [`${origin}/`],
      // Countersign gives its own tokens. A custom image takes Cognito's, which say the same scopes of everyone who signs
      // in: so reading only.
      scopes:
        settings.container === 'custom'
          ? baselineOf(settings.tool_packs).flatMap((name) => pool.scopes[name] ?? [])
          : [],
      attributes,
      company: company?.name,
      branded: target.kind !== 'emulator',
    });
  }

  #addIdentityPool(
    { settings, names, region, target }: Deployment,
    { buckets, keys }: StorageOutputs,
    userPoolId: string,
    clientId: string,
  ): IdentityPool {
    return new IdentityPool(this, 'identities', {
      name: names.with('identities'),
      region,
      userPoolId,
      clientId,
      roleName: names.with('identities'),
      bucket: buckets.data && { arn: buckets.data.arn, keyArn: keys.data },
      allowUnauthenticated: settings.allow_unauthenticated,
      attached: target.kind !== 'emulator',
    });
  }
}
