/**
 * cdktf keeps a stack trace of unlimited depth for every token, thousands a stack, and shows it only when a token cannot
 * be resolved. Taking them is a tenth of synthesis.
 */
export const withoutCreationStacks = <T>(work: () => T): T => {
  const { captureStackTrace } = Error;
  // cdktf asks this alone; errors that are thrown have their own stack.
  Error.captureStackTrace = () => {};
  try {
    return work();
  } finally {
    Error.captureStackTrace = captureStackTrace;
  }
};
