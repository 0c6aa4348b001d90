/** For the SDK's clients. */
export interface AwsConfig {
  readonly endpoint: string;
  readonly region: string;
  /** Of the account of the environments. */
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}
