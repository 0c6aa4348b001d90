/**
 * Every rule of AWS's managed groups that the web ACL uses: what it looks for, by AWS's own description, and what becomes
 * of a request that it matches. https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html
 */

/**
 * Where requests look like attacks and are none.
 * signIn: the OAuth endpoints and sign-in, whose requests name loopback addresses and carry long codes.
 * words: bodies that hold what agents and people write: tool calls and the comments of approvers.
 * programs: what clients without a browser call.
 */
export type Surface = 'signIn' | 'words' | 'programs';

/**
 * block: refused everywhere. count: only counted. Surfaces: counted there, and refused by its label everywhere else.
 */
export type Treatment = 'block' | 'count' | readonly [Surface, ...Surface[]];

export interface ManagedRule {
  /** The end of its label, which AWS writes otherwise than its name. */
  readonly label: string;
  /** What a request must hold to match. */
  readonly matches: string;
  readonly treatment: Treatment;
  readonly reason: string;
}

export interface ManagedGroup {
  /** Start of its rules' labels. */
  readonly namespace: string;
  readonly rules: Readonly<Record<string, ManagedRule>>;
}

const attack = 'No request of ours looks like it.';
const loopback =
  'Native clients register http://127.0.0.1:<port> or http://localhost:<port> and name it again at every step (RFC 8252 7.3).';
const words =
  'Agents and approvers write what they like: SQL, markup, paths and addresses. It is read as JSON or a form field, bound to queries as a parameter and escaped on pages.';
const exploit = 'The signature of one known exploit, which is nothing that an agent has to write.';
const address = 'Looks at the sender’s address alone, and lists no cloud as such.';

const core: ManagedGroup = {
  namespace: 'awswaf:managed:aws:core-rule-set',
  rules: {
    NoUserAgent_HEADER: {
      label: 'NoUserAgent_Header',
      matches: 'no User-Agent header',
      treatment: ['programs'],
      reason: 'HTTP libraries such as Rust’s reqwest send none unless told to. A browser always does.',
    },
    UserAgent_BadBots_HEADER: {
      label: 'BadBots_Header',
      matches: 'the User-Agent of a scanner such as nessus or nmap',
      treatment: 'block',
      reason: attack,
    },
    SizeRestrictions_QUERYSTRING: {
      label: 'SizeRestrictions_QueryString',
      matches: 'a query of more than 2,048 bytes',
      treatment: ['signIn'],
      reason: 'Codes of sign-in providers, states of clients and client ids that are URLs add up to more.',
    },
    SizeRestrictions_Cookie_HEADER: {
      label: 'SizeRestrictions_Cookie_Header',
      matches: 'cookies of more than 10,240 bytes',
      treatment: 'block',
      reason: 'Ours have some 200 bytes.',
    },
    SizeRestrictions_BODY: {
      label: 'SizeRestrictions_Body',
      matches: 'a body of more than 8 KB',
      treatment: 'count',
      reason: 'Bulk changes and comments are longer. The size has a rule of its own, and the service a limit.',
    },
    SizeRestrictions_URIPATH: {
      label: 'SizeRestrictions_URIPath',
      matches: 'a path of more than 1,024 bytes',
      treatment: 'block',
      reason: attack,
    },
    EC2MetaDataSSRF_BODY: {
      label: 'EC2MetaDataSSRF_Body',
      matches: 'an address of the instance metadata service, or a loopback one, in the body',
      treatment: ['signIn', 'words'],
      reason: `${loopback} ${words}`,
    },
    EC2MetaDataSSRF_COOKIE: {
      label: 'EC2MetaDataSSRF_Cookie',
      matches: 'the same in a cookie',
      treatment: 'block',
      reason: attack,
    },
    EC2MetaDataSSRF_URIPATH: {
      label: 'EC2MetaDataSSRF_URIPath',
      matches: 'the same in the path',
      treatment: 'block',
      reason: attack,
    },
    EC2MetaDataSSRF_QUERYARGUMENTS: {
      label: 'EC2MetaDataSSRF_QueryArguments',
      matches: 'the same in the query',
      treatment: ['signIn'],
      reason: loopback,
    },
    GenericLFI_QUERYARGUMENTS: {
      label: 'GenericLFI_QueryArguments',
      matches: 'path traversal such as ../../ in the query',
      treatment: 'block',
      reason: attack,
    },
    GenericLFI_URIPATH: {
      label: 'GenericLFI_URIPath',
      matches: 'the same in the path',
      treatment: 'block',
      reason: attack,
    },
    GenericLFI_BODY: {
      label: 'GenericLFI_Body',
      matches: 'the same in the body',
      treatment: ['words'],
      reason: words,
    },
    RestrictedExtensions_URIPATH: {
      label: 'RestrictedExtensions_URIPath',
      matches: 'a path with the extension of a system file, such as .log or .ini',
      treatment: 'block',
      reason: 'Our files end in .css and .svg.',
    },
    RestrictedExtensions_QUERYARGUMENTS: {
      label: 'RestrictedExtensions_QueryArguments',
      matches: 'the same in the query',
      treatment: 'block',
      reason: attack,
    },
    GenericRFI_QUERYARGUMENTS: {
      label: 'GenericRFI_QueryArguments',
      matches: 'a URL with an IPv4 address as its host in the query',
      treatment: ['signIn'],
      reason: loopback,
    },
    GenericRFI_BODY: {
      label: 'GenericRFI_Body',
      matches: 'the same in the body',
      treatment: ['signIn', 'words'],
      reason: `${loopback} ${words}`,
    },
    GenericRFI_URIPATH: {
      label: 'GenericRFI_URIPath',
      matches: 'the same in the path',
      treatment: 'block',
      reason: attack,
    },
    CrossSiteScripting_COOKIE: {
      label: 'CrossSiteScripting_Cookie',
      matches: 'markup that runs a script, in a cookie',
      treatment: 'block',
      reason: attack,
    },
    CrossSiteScripting_QUERYARGUMENTS: {
      label: 'CrossSiteScripting_QueryArguments',
      matches: 'the same in the query',
      treatment: 'block',
      reason: attack,
    },
    CrossSiteScripting_BODY: {
      label: 'CrossSiteScripting_Body',
      matches: 'the same in the body',
      treatment: ['words'],
      reason: words,
    },
    CrossSiteScripting_URIPATH: {
      label: 'CrossSiteScripting_URIPath',
      matches: 'the same in the path',
      treatment: 'block',
      reason: attack,
    },
  },
};

const java = '(java.lang.Runtime).getRuntime().exec(…) and the like';
const jndi = '$' + '{jndi:…} of Log4j';

const badInputs: ManagedGroup = {
  namespace: 'awswaf:managed:aws:known-bad-inputs',
  rules: {
    JavaDeserializationRCE_HEADER: {
      label: 'JavaDeserializationRCE_Header',
      matches: `${java} in a header`,
      treatment: 'block',
      reason: attack,
    },
    JavaDeserializationRCE_BODY: {
      label: 'JavaDeserializationRCE_Body',
      matches: `${java} in the body`,
      treatment: 'block',
      reason: exploit,
    },
    JavaDeserializationRCE_URIPATH: {
      label: 'JavaDeserializationRCE_URIPath',
      matches: `${java} in the path`,
      treatment: 'block',
      reason: attack,
    },
    JavaDeserializationRCE_QUERYSTRING: {
      label: 'JavaDeserializationRCE_QueryString',
      matches: `${java} in the query`,
      treatment: 'block',
      reason: attack,
    },
    Host_localhost_HEADER: {
      label: 'Host_Localhost_Header',
      matches: 'localhost as the Host',
      treatment: 'block',
      reason: 'Requests come to the environment’s own name. What a client listens on is no Host here.',
    },
    PROPFIND_METHOD: {
      label: 'Propfind_Method',
      matches: 'the method PROPFIND',
      treatment: 'block',
      reason: 'No route has it.',
    },
    ExploitablePaths_URIPATH: {
      label: 'ExploitablePaths_URIPath',
      matches: 'a path such as web-inf',
      treatment: 'block',
      reason: 'No route has one.',
    },
    Log4JRCE_HEADER: { label: 'Log4JRCE_Header', matches: `${jndi} in a header`, treatment: 'block', reason: attack },
    Log4JRCE_QUERYSTRING: {
      label: 'Log4JRCE_QueryString',
      matches: `${jndi} in the query`,
      treatment: 'block',
      reason: attack,
    },
    Log4JRCE_BODY: { label: 'Log4JRCE_Body', matches: `${jndi} in the body`, treatment: 'block', reason: exploit },
    Log4JRCE_URIPATH: { label: 'Log4JRCE_URIPath', matches: `${jndi} in the path`, treatment: 'block', reason: attack },
    ReactJSRCE_BODY: {
      label: 'ReactJSRCE_Body',
      matches: 'the serialized call of CVE-2025-55182 in the body',
      treatment: 'block',
      reason: exploit,
    },
  },
};

const database: ManagedGroup = {
  namespace: 'awswaf:managed:aws:sql-database',
  rules: {
    SQLi_QUERYARGUMENTS: {
      label: 'SQLi_QueryArguments',
      matches: 'SQL that was put into the query, at low sensitivity',
      treatment: 'block',
      reason: 'Our queries hold ids, scopes, URLs and codes.',
    },
    SQLiExtendedPatterns_QUERYARGUMENTS: {
      label: 'SQLiExtendedPatterns_QueryArguments',
      matches: 'further patterns of SQL in the query',
      treatment: 'block',
      reason: 'Our queries hold ids, scopes, URLs and codes.',
    },
    SQLi_BODY: {
      label: 'SQLi_Body',
      matches: 'SQL that was put into the body, at low sensitivity',
      treatment: ['words'],
      reason: words,
    },
    SQLiExtendedPatterns_BODY: {
      label: 'SQLiExtendedPatterns_Body',
      matches: 'further patterns of SQL in the body',
      treatment: ['words'],
      reason: words,
    },
    SQLiExtendedPatterns_HEADER: {
      label: 'SQLiExtendedPatterns_Header',
      matches: 'patterns of SQL in a header',
      treatment: 'block',
      reason: 'Our headers hold tokens, ids and the names of tools and methods.',
    },
    SQLiExtendedPatterns_URIPATH: {
      label: 'SQLiExtendedPatterns_UriPath',
      matches: 'patterns of SQL in the path',
      treatment: 'block',
      reason: attack,
    },
    SQLi_COOKIE: {
      label: 'SQLi_Cookie',
      matches: 'SQL that was put into a cookie',
      treatment: 'block',
      reason: 'Our cookies are random letters and digits.',
    },
    SQLi_URIPATH: {
      label: 'SQLi_URIPath',
      matches: 'SQL that was put into the path',
      treatment: 'block',
      reason: attack,
    },
  },
};

const reputation: ManagedGroup = {
  namespace: 'awswaf:managed:aws:amazon-ip-list',
  rules: {
    AWSManagedIPReputationList: {
      label: 'AWSManagedIPReputationList',
      matches: 'addresses that take part in attacks',
      treatment: 'block',
      reason: address,
    },
    AWSManagedReconnaissanceList: {
      label: 'AWSManagedReconnaissanceList',
      matches: 'addresses that look for weak spots of AWS’s customers',
      treatment: 'block',
      reason: address,
    },
    AWSManagedIPDDoSList: {
      label: 'AWSManagedIPDDoSList',
      matches: 'addresses that take part in denial of service',
      treatment: 'count',
      reason: 'AWS itself only counts it. The rate limits hold such addresses.',
    },
  },
};

/** In the order in which they are asked. */
export const managedGroups: Readonly<Record<string, ManagedGroup>> = {
  AWSManagedRulesAmazonIpReputationList: reputation,
  AWSManagedRulesCommonRuleSet: core,
  AWSManagedRulesKnownBadInputsRuleSet: badInputs,
  AWSManagedRulesSQLiRuleSet: database,
};

/** Groups that AWS offers and the web ACL leaves out, with the reason. */
export const unusedGroups: Readonly<Record<string, string>> = {
  AWSManagedRulesAnonymousIpList:
    'Its HostingProviderIPList holds the clouds: Claude, agents in CI and hosted clients call from there. People behind a company’s VPN are on its AnonymousIPList.',
  AWSManagedRulesAdminProtectionRuleSet: 'There are no such pages; an unknown path is answered with 404.',
  AWSManagedRulesBotControlRuleSet: 'Agents are programs: it would count or refuse the clients this is made for.',
  AWSManagedRulesLinuxRuleSet: 'No file is named by a request: files that are served are a list in the code.',
  AWSManagedRulesUnixRuleSet: 'No command is made from a request.',
  AWSManagedRulesWindowsRuleSet: 'Nothing runs on Windows.',
  AWSManagedRulesPHPRuleSet: 'Nothing runs PHP.',
  AWSManagedRulesWordPressRuleSet: 'Nothing runs WordPress.',
  AWSManagedRulesATPRuleSet: 'Passwords are typed at Cognito or the company’s sign-in, not here.',
  AWSManagedRulesACFPRuleSet: 'Nobody makes an account here.',
  AWSManagedRulesAntiDDoSRuleSet:
    'Its challenges need a browser, and agents have none; it costs 20 USD a month besides. AWS Shield Standard works without it.',
};
