/** How AWS spells its regions, zones and partitions. Known by their form and not by a list, because AWS adds to each. */

/** us-east-1, ap-southeast-4, us-isob-east-1, eusc-de-east-1. */
export const regionName = /^[a-z]{2,}(?:-[a-z]+)+-\d+$/;

/** A region's name and a letter: eu-west-1a. */
export const zoneName = /^[a-z]{2,}(?:-[a-z]+)+-\d+[a-z]$/;

/** The partition an ARN begins with: aws, aws-cn, aws-us-gov, aws-iso-b, aws-eusc. */
export const arnPartition = /^arn:(aws(?:-[a-z]+)*):/;
