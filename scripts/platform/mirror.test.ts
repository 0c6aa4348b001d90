import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMirror, mirrorConfig } from './mirror.ts';

const aws = { source: 'hashicorp/aws', version: '5.100.0' };
const system = `${platform() === 'win32' ? 'windows' : platform()}_${arch() === 'x64' ? 'amd64' : arch()}`;
const provider = 'registry.terraform.io/hashicorp/aws';

describe('a mirror of providers', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'countersign-mirror-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('is found where it holds every provider, unpacked or packed', async () => {
    const [unpacked, packed] = [join(root, 'one/plugins'), join(root, 'two')];
    expect(await findMirror([aws], [root])).toBeUndefined();
    await mkdir(join(unpacked, provider, '5.100.0', system), { recursive: true });
    expect(await findMirror([aws], [root])).toBe(unpacked);
    await mkdir(join(packed, provider), { recursive: true });
    await writeFile(join(packed, provider, `terraform-provider-aws_5.100.0_${system}.zip`), '');
    expect(await findMirror([aws], [packed])).toBe(packed);
    expect(await findMirror([aws, { source: 'hashicorp/random', version: '3.7.2' }], [root])).toBeUndefined();
  });

  it.each([
    ['version', `5.99.0/${system}`],
    ['machine', '5.100.0/plan9_mips'],
  ])('of another %s is of no use', async (_, path) => {
    await mkdir(join(root, provider, path), { recursive: true });
    expect(await findMirror([aws], [root])).toBeUndefined();
  });

  it('is looked for four levels down, and neither in packages of npm nor in the cache of cdktf', async () => {
    await mkdir(join(root, 'node_modules/plugins', provider, '5.100.0', system), { recursive: true });
    await mkdir(join(root, 'plugin-cache', provider, '5.100.0', system), { recursive: true });
    await mkdir(join(root, 'a/b/c/d/e', provider, '5.100.0', system), { recursive: true });
    expect(await findMirror([aws], [root])).toBeUndefined();
    expect(await findMirror([aws], [join(root, 'a')])).toBe(join(root, 'a/b/c/d/e'));
  });

  it('is the only source terraform then has', () => {
    expect(mirrorConfig('/srv/it "is"')).toContain('path = "/srv/it \\"is\\""');
    expect(mirrorConfig('/srv')).not.toContain('direct');
  });
});
