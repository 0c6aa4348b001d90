/**
 * What is replaced is made before the old one goes, and what is removed goes after everything that stays has let go of
 * it. Terraform's default is the other way round in both, and AWS refuses to delete a subnet, security group, web ACL
 * or VPC link that is in use: https://github.com/hashicorp/terraform-provider-aws/issues/8536,
 * https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy
 */
import { type IAspect, TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';

/**
 * Makes every resource create-first, unless its construct says `createBeforeDestroy: false` and why. Nothing may depend
 * on such a resource, because Terraform makes everything create-first that something create-first depends on: a test
 * in proof/platform/changes holds every environment against that.
 */
export class CreateFirst implements IAspect {
  visit(node: IConstruct): void {
    if (node instanceof TerraformResource) node.lifecycle = { createBeforeDestroy: true, ...node.lifecycle };
  }
}
