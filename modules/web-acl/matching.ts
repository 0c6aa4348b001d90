/**
 * A model of what AWS's managed rules match, from what AWS says of them. AWS keeps the patterns to itself, so each is
 * taken wider than it is described: a request that the model lets pass may still be refused, and nothing here replaces a
 * look at the log of a real web ACL. Lists of addresses look at no part of a request and match none.
 */
import type { WebRequest } from './request.ts';

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

type Part = (request: WebRequest) => readonly string[];

const bodyOf: Part = ({ body = '' }) => [body, decoded(body)];
const queryOf: Part = ({ query = '' }) => [query, decoded(query)];
const pathOf: Part = ({ path }) => [path, decoded(path)];
const cookieOf: Part = ({ headers }) => [headers.cookie ?? ''];
const headersOf: Part = ({ headers }) => Object.entries(headers).flat();

type Model = (request: WebRequest) => boolean;

const holds =
  (part: Part, pattern: RegExp): Model =>
  (request) =>
    part(request).some((text) => pattern.test(text));

const longer =
  (part: (request: WebRequest) => string | undefined, bytes: number): Model =>
  (request) =>
    Buffer.byteLength(part(request) ?? '') > bytes;

const metadata = /169\.254\.169\.254|fd00:ec2::254|metadata\.google|\blocalhost\b|\b127\.\d+\.\d+\.\d+|\[::1\]/i;
const traversal = /\.\.[\\/]/;
const remoteFile = /\b(https?|ftps?|file):\/\/(\d{1,3}\.){3}\d{1,3}/i;
const markup = /<\s*(script|img|svg|iframe|object|a\b|b\b|[a-z]+[^>]*\son\w+\s*=)|javascript:/i;
const extension = /\.(log|ini|bak|backup|cfg|conf|config|sql|sh|key|pem|env|dat|dll|exe|swp)\b/i;
const sql = /\bunion\b.+\bselect\b|\bselect\b.+\bfrom\b|\bdrop\s+table\b|'\s*(or|and)\b.+=|\binsert\s+into\b|;\s*--/is;
const java = /getRuntime\(\)|java\.lang\.|classLoader/i;
const jndi = /\$\{\s*(jndi|lower|upper|env|sys|::-)/i;

/** By the name of the rule. */
export const models: Readonly<Record<string, Model>> = {
  NoUserAgent_HEADER: ({ headers }) => headers['user-agent'] === undefined,
  UserAgent_BadBots_HEADER: ({ headers }) => /nessus|nmap|sqlmap|nikto|masscan/i.test(headers['user-agent'] ?? ''),
  SizeRestrictions_QUERYSTRING: longer(({ query }) => query, 2048),
  SizeRestrictions_Cookie_HEADER: longer(({ headers }) => headers.cookie, 10_240),
  SizeRestrictions_BODY: longer(({ body }) => body, 8192),
  SizeRestrictions_URIPATH: longer(({ path }) => path, 1024),
  EC2MetaDataSSRF_BODY: holds(bodyOf, metadata),
  EC2MetaDataSSRF_COOKIE: holds(cookieOf, metadata),
  EC2MetaDataSSRF_URIPATH: holds(pathOf, metadata),
  EC2MetaDataSSRF_QUERYARGUMENTS: holds(queryOf, metadata),
  GenericLFI_QUERYARGUMENTS: holds(queryOf, traversal),
  GenericLFI_URIPATH: holds(pathOf, traversal),
  GenericLFI_BODY: holds(bodyOf, traversal),
  RestrictedExtensions_URIPATH: holds(pathOf, extension),
  RestrictedExtensions_QUERYARGUMENTS: holds(queryOf, extension),
  GenericRFI_QUERYARGUMENTS: holds(queryOf, remoteFile),
  GenericRFI_BODY: holds(bodyOf, remoteFile),
  GenericRFI_URIPATH: holds(pathOf, remoteFile),
  CrossSiteScripting_COOKIE: holds(cookieOf, markup),
  CrossSiteScripting_QUERYARGUMENTS: holds(queryOf, markup),
  CrossSiteScripting_BODY: holds(bodyOf, markup),
  CrossSiteScripting_URIPATH: holds(pathOf, markup),
  JavaDeserializationRCE_HEADER: holds(headersOf, java),
  JavaDeserializationRCE_BODY: holds(bodyOf, java),
  JavaDeserializationRCE_URIPATH: holds(pathOf, java),
  JavaDeserializationRCE_QUERYSTRING: holds(queryOf, java),
  Host_localhost_HEADER: ({ headers }) => metadata.test(headers.host ?? ''),
  PROPFIND_METHOD: ({ method }) => method === 'PROPFIND',
  ExploitablePaths_URIPATH: holds(pathOf, /web-inf|\.git\b|\.env\b|wp-admin|phpmyadmin|actuator/i),
  Log4JRCE_HEADER: holds(headersOf, jndi),
  Log4JRCE_QUERYSTRING: holds(queryOf, jndi),
  Log4JRCE_BODY: holds(bodyOf, jndi),
  Log4JRCE_URIPATH: holds(pathOf, jndi),
  ReactJSRCE_BODY: holds(bodyOf, /__proto__|constructor:constructor|"\$@?\d+:/),
  SQLi_QUERYARGUMENTS: holds(queryOf, sql),
  SQLiExtendedPatterns_QUERYARGUMENTS: holds(queryOf, sql),
  SQLi_BODY: holds(bodyOf, sql),
  SQLiExtendedPatterns_BODY: holds(bodyOf, sql),
  SQLiExtendedPatterns_HEADER: holds(headersOf, sql),
  SQLiExtendedPatterns_URIPATH: holds(pathOf, sql),
  SQLi_COOKIE: holds(cookieOf, sql),
  SQLi_URIPATH: holds(pathOf, sql),
  AWSManagedIPReputationList: () => false,
  AWSManagedReconnaissanceList: () => false,
  AWSManagedIPDDoSList: () => false,
};
