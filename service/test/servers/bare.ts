/** Of this process's environment what a program needs to run: its variables are not the program's. */
export const bare = (): { readonly PATH: string; readonly NODE_COMPILE_CACHE?: string } => {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  return { PATH, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }) };
};
