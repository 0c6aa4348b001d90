/**
 * A cloud that answers at once, in a process of its own so that its work is not counted: instances and functions of three regions
 * as EC2, Lambda and the tagging API list them. Its pages are written once; what is measured is who reads them.
 */
import { createServer } from 'node:http';
import process from 'node:process';
import { scanRegions, sharesOf } from './scan-shares.ts';

const ACCOUNT = '123456789012';
const [INSTANCES, FUNCTIONS, TAGGED] = [1000, 50, 100];
const { instances, functions } = sharesOf(Number(process.argv[2]));

const hex = (number: number): string => number.toString(16).padStart(17, '0');
const tagsOf = (at: number): readonly (readonly [string, string])[] => [
  ['Name', `web-${at % 500}`],
  ['Owner', 'bench@example.com'],
  ['Environment', at % 3 === 0 ? 'prod' : 'production'],
  ['team', `team-${at % 40}`],
];

const instanceXml = (
  region: string,
  at: number,
): string => `<item><reservationId>r-${hex(at)}</reservationId><ownerId>${ACCOUNT}</ownerId>
<groupSet/><instancesSet><item><instanceId>i-${hex(at)}</instanceId><imageId>ami-12c6146b</imageId>
<instanceState><code>16</code><name>running</name></instanceState><privateDnsName>ip-10-0-${at % 250}-9.ec2.internal</privateDnsName>
<instanceType>m7g.large</instanceType><launchTime>2026-03-0${(at % 9) + 1}T10:00:00.000Z</launchTime>
<placement><availabilityZone>${region}a</availabilityZone><tenancy>default</tenancy></placement><monitoring><state>disabled</state></monitoring>
<subnetId>subnet-${hex(7)}</subnetId><vpcId>vpc-${hex(8)}</vpcId><privateIpAddress>10.0.${at % 250}.9</privateIpAddress>
<architecture>arm64</architecture><rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/xvda</rootDeviceName>
<blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><volumeId>vol-${hex(at)}</volumeId><status>attached</status>
<attachTime>2026-02-0${(at % 9) + 1}T10:00:00.000Z</attachTime><deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping>
<virtualizationType>hvm</virtualizationType><hypervisor>xen</hypervisor>
<tagSet>${tagsOf(at)
  .map(([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`)
  .join('')}</tagSet></item></instancesSet></item>`;

const arnOf = (region: string, at: number): string => `arn:aws:lambda:${region}:${ACCOUNT}:function:job-${at}`;
const functionOf = (region: string, at: number) => ({
  FunctionName: `job-${at}`,
  FunctionArn: arnOf(region, at),
  Runtime: 'nodejs24.x',
  Role: `arn:aws:iam::${ACCOUNT}:role/job`,
  Handler: 'index.handler',
  CodeSize: 102_400,
  Timeout: 30,
  MemorySize: 512,
  LastModified: '2026-03-01T10:00:00.000+0000',
  Version: '$LATEST',
});
const mappingOf = (region: string, at: number) => ({
  ResourceARN: arnOf(region, at),
  Tags: tagsOf(at).map(([Key, Value]) => ({ Key, Value })),
});

const written = new Map<string, string>();
const page = (key: string, write: () => string): string => {
  const text = written.get(key) ?? write();
  written.set(key, text);
  return text;
};

/** The entries of one page, and the token of the next. */
const pageOf = <T>(
  of: number,
  size: number,
  token: string,
  make: (at: number) => T,
): { entries: T[]; next?: string } => {
  const from = Number(token || 0);
  const end = Math.min(of, from + size);
  const entries = Array.from({ length: Math.max(0, end - from) }, (_, at) => make(from + at));
  return { entries, ...(end < of && { next: String(end) }) };
};

const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:sts::${ACCOUNT}:assumed-role/task/x</Arn><UserId>x</UserId><Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

const ec2 = (region: string, token: string): string => {
  const { entries, next } = pageOf(instances[region] ?? 0, INSTANCES, token, (at) => instanceXml(region, at));
  const more = next === undefined ? '' : `<nextToken>${next}</nextToken>`;
  return `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet>${entries.join('')}</reservationSet>${more}</DescribeInstancesResponse>`;
};
const lambda = (region: string, token: string): string => {
  const { entries, next } = pageOf(functions[region] ?? 0, FUNCTIONS, token, (at) => functionOf(region, at));
  return JSON.stringify({ Functions: entries, ...(next !== undefined && { NextMarker: next }) });
};
const tagging = (region: string, token: string): string => {
  const { entries, next } = pageOf(functions[region] ?? 0, TAGGED, token, (at) => mappingOf(region, at));
  return JSON.stringify({ ResourceTagMappingList: entries, PaginationToken: next ?? '' });
};

const answer = (service: string, region: string, url: string, body: string): [string, string] => {
  if (service === 'sts') return ['text/xml', identity];
  if (service === 'ec2') {
    const token = new URLSearchParams(body).get('NextToken') ?? '';
    return ['text/xml', page(`ec2 ${region} ${token}`, () => ec2(region, token))];
  }
  if (service === 'lambda') {
    const token = new URL(url, 'http://x').searchParams.get('Marker') ?? '';
    return ['application/json', page(`lambda ${region} ${token}`, () => lambda(region, token))];
  }
  const token = String(JSON.parse(body).PaginationToken ?? '');
  return ['application/x-amz-json-1.1', page(`tagging ${region} ${token}`, () => tagging(region, token))];
};

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const [, region = scanRegions[0], service = ''] =
      /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const [type, text] = answer(service, region, request.url ?? '/', Buffer.concat(parts).toString());
    response.writeHead(200, { 'content-type': type }).end(text);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
});
process.on('disconnect', () => process.exit());
