/** ARNs of topics, and where SNS keeps the certificates of their region. */

const arn = /^arn:(aws|aws-cn|aws-us-gov):sns:([a-z]{2}(?:-[a-z]+)+-\d{1,2}):\d{12}:[\w-]{1,256}(?:\.fifo)?$/;

/** The host of SNS in the topic's region; undefined where it is no ARN of a topic. */
export const hostOfTopic = (topicArn: string): string | undefined => {
  const [, partition, region] = arn.exec(topicArn) ?? [];
  if (region === undefined) return undefined;
  return `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
};

/**
 * The path of a certificate of SNS at this host; undefined for any other address. One segment and no query: answers of the API of SNS,
 * on the same host, can hold a text that an attacker chose.
 */
export const certificatePath = (address: string, host: string): string | undefined => {
  const url = URL.parse(address);
  if (url === null || url.href !== address || url.origin !== `https://${host}`) return undefined;
  const { username, password, search, hash, pathname } = url;
  const plain = username === '' && password === '' && search === '' && hash === '';
  return plain && /^\/SimpleNotificationService-[\da-zA-Z]{8,64}\.pem$/.test(pathname) ? pathname : undefined;
};
