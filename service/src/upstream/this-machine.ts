/** Names of this machine itself, where stand-ins listen. */
const names = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** @param hostname as URL writes it */
export const isThisMachine = (hostname: string): boolean => names.test(hostname);
