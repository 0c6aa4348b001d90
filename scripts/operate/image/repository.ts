/** Where an image lies, and what a registry is asked for. */
export interface Repository {
  /** Empty where the registry is of no region. */
  readonly region: string;
  /** `ghcr.io`, or `<account>.dkr.ecr.<region>.amazonaws.com` */
  readonly host: string;
  readonly name: string;
  /** An environment's own repository is made by its deployment. */
  readonly madeByDeployment: boolean;
  /** Regions whose settings name it. */
  readonly usedIn: readonly string[];
}

export interface Registry {
  /** @throws OperatorProblem where the repository is missing or the tag is taken */
  checkFree(tag: string): Promise<void>;
  /** What a container engine signs in with. */
  signIn(): Promise<{ readonly user: string; readonly password: string }>;
  /** @throws Error when it is not there */
  digestOf(tag: string): Promise<string>;
  close(): void;
}
