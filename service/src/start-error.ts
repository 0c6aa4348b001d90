/** What keeps the service from starting and whoever operates it can mend. */

/** Its message names the variables to look at, and no secret. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The code by which the system, the driver or AWS says what went wrong: of the error, or of the one behind it. */
const codeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  const behind = codeOf(error.cause);
  if (behind !== undefined) return behind;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return '$metadata' in error || error.name === 'CredentialsProviderError' ? error.name : undefined;
};

/**
 * Does a step of the start. Only the code of its failure is told: messages of drivers can hold what they were given.
 * @param because what cannot be done, naming the variables
 * @param remedy what to look at
 * @throws StartError when the failure has a code; otherwise the failure, which is a fault of ours
 */
export const startStep = async <T>(because: string, remedy: string, step: () => Promise<T>): Promise<T> => {
  try {
    return await step();
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const code = codeOf(cause);
    if (code === undefined) throw cause;
    throw new StartError(`${because} (${code}). ${remedy}`, { cause });
  }
};
