/** Networks take private address space: public space routed inside cuts its owners off. */
import { isPrivate } from '../../../contracts/cidr.ts';
import { type Check, viewOfPlan } from './check.ts';

export const privateAddresses: Check = {
  name: 'private-addresses',
  asks: 'Networks and subnets lie in RFC 1918 space.',
  breaches: (plan) =>
    viewOfPlan(plan)
      .of('aws_vpc', 'aws_subnet', 'aws_vpc_ipv4_cidr_block_association')
      .flatMap(({ address, block: { cidr_block } }) =>
        typeof cidr_block === 'string' && cidr_block.includes('/') && !isPrivate(cidr_block)
          ? [
              {
                address,
                problem: `has ${cidr_block}, which is public space (RFC 1918 has 10/8, 172.16/12, 192.168/16)`,
              },
            ]
          : [],
      ),
};
