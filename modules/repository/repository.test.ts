import { synthesized } from '../testing/synthesized.ts';
import { Repository, type RepositoryProps } from './repository.ts';

const made = (changes: Partial<RepositoryProps> = {}) =>
  synthesized((stack) => new Repository(stack, 'registry', { name: 'marketing-mcp-server', ...changes }));

interface Rule {
  readonly selection: Readonly<Record<string, unknown>>;
}
const rulesOf = (changes?: Partial<RepositoryProps>): Rule[] =>
  (JSON.parse(String(made(changes).one('aws_ecr_lifecycle_policy').policy)) as { rules: Rule[] }).rules;

describe('the repository', () => {
  it('keeps a tag where it is, looks into what is pushed, and stays while it has images', () => {
    expect(made().one('aws_ecr_repository')).toMatchObject({
      name: 'marketing-mcp-server',
      image_tag_mutability: 'IMMUTABLE',
      image_scanning_configuration: { scan_on_push: true },
      encryption_configuration: [{ encryption_type: 'AES256' }],
      force_delete: false,
    });
  });

  it('takes a customer managed key', () => {
    expect(made({ keyArn: 'arn:aws:kms:::key/1' }).one('aws_ecr_repository').encryption_configuration).toEqual([
      { encryption_type: 'KMS', kms_key: 'arn:aws:kms:::key/1' },
    ]);
  });

  it('lets images without a tag go after days, and all but the newest', () => {
    expect(rulesOf().map(({ selection }) => selection)).toEqual([
      { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 7 },
      { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 100 },
    ]);
    expect(rulesOf({ keep: 20 })[1]?.selection.countNumber).toBe(20);
  });

  it('has an address that the code around it does not change', () => {
    expect(Object.keys(made().all('aws_ecr_repository'))).toEqual(['repository']);
  });
});
