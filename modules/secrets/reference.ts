/** How a container is handed a secret: `name` is the secret's name without prefix, `key` a key of its JSON. */
export interface SecretReference {
  readonly name: string;
  readonly key?: string;
}

/** Parses `name` or `name:key`, the form of container_secrets. */
export const secretReference = (text: string): SecretReference => {
  const [name = '', key] = text.split(':');
  return key === undefined ? { name } : { name, key };
};

/** What ECS calls valueFrom: the ARN, with the JSON key and empty version stage and id. */
export const valueFrom = (arn: string, { key }: SecretReference): string =>
  key === undefined ? arn : `${arn}:${key}::`;
