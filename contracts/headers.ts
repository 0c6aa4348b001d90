/**
 * Headers that the parts of the platform say things to one another with. A value that proves something is a secret,
 * in lower case: load balancers compare without case.
 */

/** CloudFront adds it for the load balancer and the HTTP API, which refuse a request without it. */
export const originVerifyHeader = 'x-origin-verify';

/** Sends a request to one colour, whatever the weights are: `<colour>:<secret>`. */
export const previewHeader = 'x-mcp-preview';

/** With a private load balancer behind the HTTP API: the caller's address, which the API writes over what was sent. */
export const clientAddressHeader = 'x-client-address';

export const previewValue = (colour: string, secret: string): string => `${colour}:${secret}`;
