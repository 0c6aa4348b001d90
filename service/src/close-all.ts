/** Gives back what opening took. */
export type Close = () => Promise<void> | void;

/** Closes one after the other, also after one that fails. @throws the first failure */
export const closeAll = async (closers: readonly Close[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const close of closers)
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw failures[0];
};
