/** A look at one colour before it takes traffic: the platform routes by this header, the cutover sends it. */

/** Sends a request to one colour, whatever the weights are. */
export const previewHeader = 'x-mcp-preview';

/** Its value. The load balancer compares without case and knows * and ?, which a secret therefore must not hold. */
export const previewValue = (colour: string, secret: string): string => `${colour}:${secret}`;
