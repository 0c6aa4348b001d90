/** Names that PostgreSQL or RDS keep for themselves. */

/** https://www.postgresql.org/docs/17/sql-keywords-appendix.html: those marked reserved for PostgreSQL. */
const keywords =
  'all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right select session_user similar some symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window with';

/** User names that RDS reserves or refuses, and PostgreSQL's own words for everybody and nobody. */
const ofRds = 'admin public none rdsadmin rdsrepladmin rdstopmgr rdsproxyadmin rds_superuser';

const words = [...keywords.split(' '), ...ofRds.split(' ')];

/** Databases that are there already, and names RDS refuses: github.com/oslokommune/okctl/pull/899 */
const ofDatabases = 'admin database db rdsadmin template0 template1';

/** What a database may be called: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
export const databaseName = {
  pattern: new RegExp(
    `^(?!(?:${[...keywords.split(' '), ...ofDatabases.split(' ')].join('|')})$)[a-zA-Z][a-zA-Z0-9_]*$`,
    'i',
  ),
  be: 'letters, digits and _, beginning with a letter, and no word that SQL or RDS keeps, such as user, db, database or rdsadmin',
};

/**
 * What may own a database. RDS refuses words of SQL and roles that are its own; PostgreSQL keeps `pg_` for itself since
 * 9.6: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
 */
export const reservedInPostgres = {
  pattern: new RegExp(`^(?!pg_|rds_|(?:${words.join('|')})$)[a-zA-Z][a-zA-Z0-9_]*$`, 'i'),
  be: 'letters, digits and _, beginning with a letter but not with pg_ or rds_, and no word that SQL or RDS keeps, such as user, admin or rdsadmin',
};
