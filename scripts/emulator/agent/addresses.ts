/** Addresses of this machine, one a task, as tasks in a VPC have their own: all of 127.0.0.0/8 is the loopback (RFC 1122 3.2.1.3). */
import { randomInt } from 'node:crypto';

/** A function that gives a new one each time. Where two emulators run at once, they hardly meet. */
export const loopbackAddresses = (): (() => string) => {
  const network = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  let last = 0;
  return () => {
    last = (last % 254) + 1;
    return `${network}.${last}`;
  };
};
