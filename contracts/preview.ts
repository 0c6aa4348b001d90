/** A look at one colour before it takes traffic: the platform routes by this header, the cutover sends it. */

/** Sends a request to one colour, whatever the weights are. */
export const previewHeader = 'x-mcp-preview';

/** Its value. The load balancer compares without case and knows * and ?, which a secret therefore must not hold. */
export const previewValue = (colour: string, secret: string): string => `${colour}:${secret}`;

/** Rules of the serving listener, far apart so that others fit between. The first that matches answers. */
export const listenerPriorities = {
  /** Of the first colour; the second has the next. */
  preview: 10,
  /** Not Terraform's: there only during maintenance, and after the preview, so that operators still see the colours. */
  maintenance: 50,
  live: 100,
} as const;
