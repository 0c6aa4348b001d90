import { parseConfig } from '../config.ts';
import { openAccountUpstreams } from './upstreams.ts';

const { spelled } = openAccountUpstreams(parseConfig({ TOOL_PACKS: 'marketing' }));

it.each([
  ['GoogleAds', ' 123-456-7890 ', '1234567890'],
  ['GoogleAds', '12-34567890', '12-34567890'],
  ['GSC', 'SC-Domain:Example.com', 'sc-domain:example.com'],
  ['GSC', 'https://Shop.Example.com', 'https://shop.example.com/'],
  ['GSC', 'https://shop.example.com:443/Sale/', 'https://shop.example.com/Sale/'],
  ['Analytics', 'properties/123456789', '123456789'],
  ['Other', 'As-it-is', 'As-it-is'],
])('an account of %s that is written %j is asked for as %s', (api, written, only) => {
  expect(spelled({ api, accountId: written, accountName: 'Shop' })).toEqual({
    ...{ api, accountId: only, accountName: 'Shop' },
  });
});
