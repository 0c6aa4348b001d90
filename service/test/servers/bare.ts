/**
 * Flags of Node for a program that opens the embedded store. Compiling PostgreSQL a second time, to make it faster, takes a second
 * of processor time and 500 MB, which no test lives long enough to gain.
 */
export const programFlags = ['--liftoff-only'] as const;

/** Of this process's environment what a program needs to run: its variables are not the program's. */
export const bare = (): { readonly PATH: string; readonly NODE_COMPILE_CACHE?: string } => {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }) };
};
