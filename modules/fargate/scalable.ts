/** How a policy or a schedule of Application Auto Scaling names what it scales. */
export interface Scalable {
  readonly resourceId: string;
  readonly scalableDimension: string;
  readonly serviceNamespace: string;
}
