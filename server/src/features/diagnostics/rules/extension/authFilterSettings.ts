/** Settings of filters about identities that Envoy refuses: passwords, keys, tokens, signatures (source/extensions/filters/http, …/filters/common/rbac). */
import type { ConfigNode } from '../../../../schema/configNode';
import { inlineNode, inlineText } from '../../../../model/dataSource';
import type { CheckMessage } from '../../messageRule';
import { errorAt, warningAt } from '../../problem';
import type { Problem } from '../../rule';
import { exclusive, needsOneOf, repeatedItems } from '../../settingChecks';
import { checkKeySet } from './keySet';

const HTTP = 'envoy.extensions.filters.http';
const PORTS_AND_ADDRESSES = ['upstream_ip', 'upstream_port_range'];

export const authFilterSettings: Readonly<Record<string, CheckMessage>> = {
  [`${HTTP}.basic_auth.v3.BasicAuth`]: (config) => [checkPasswords(config.get('users'))],
  [`${HTTP}.basic_auth.v3.BasicAuthPerRoute`]: (config) => [checkPasswords(config.get('users'))],
  [`${HTTP}.api_key_auth.v3.ApiKeyAuth`]: checkKeys,
  [`${HTTP}.api_key_auth.v3.ApiKeyAuthPerRoute`]: checkKeys,
  [`${HTTP}.aws_request_signing.v3.AwsRequestSigning`]: (config) => [checkRegion(config)],
  'envoy.extensions.common.aws.v3.AwsCredentialProvider': (provider) => [checkProviders(provider)],
  [`${HTTP}.api_key_auth.v3.KeySource`]: (source) => [needsOneOf(source, ['header', 'query', 'cookie'])],
  [`${HTTP}.jwt_authn.v3.JwtProvider`]: (provider) => [
    checkUri(provider.path('remote_jwks', 'http_uri', 'uri')),
    checkKeySet(provider.get('local_jwks')),
  ],
  [`${HTTP}.jwt_authn.v3.JwtClaimToHeader`]: (claim) => [
    needsOneOf(claim, ['claim_name', 'claim_path']),
    exclusive(claim, 'claim_name', 'claim_path'),
  ],
  [`${HTTP}.jwt_authn.v3.JwtRequirement`]: (requirement) => [checkProviderName(requirement.get('provider_name'))],
  [`${HTTP}.jwt_authn.v3.ProviderWithAudiences`]: (requirement) => [needsOneOf(requirement, ['provider_name'])],
  [`${HTTP}.ext_authz.v3.ExtAuthz`]: (config) => {
    const twice = config.path('http_service', 'authorization_request', 'allowed_headers');
    const service = config.get('http_service');
    return [
      config.has('allowed_headers') && twice ? errorAt(twice, '"allowed_headers" is also set in the filter itself.') : undefined,
      // Of a route's own service the paths are not looked at.
      startsWithSlash(service?.get('path_prefix')),
      startsWithSlash(service?.get('path_override')),
      service && exclusive(service, 'path_prefix', 'path_override'),
    ];
  },
  [`${HTTP}.ext_authz.v3.CheckSettings`]: (settings) => [exclusive(settings, 'disable_request_body_buffering', 'with_request_body')],
  'envoy.extensions.http.injected_credentials.oauth2.v3.OAuth2.ClientCredentials': (credentials) => [
    credentials.isIncomplete ||
    credentials.isEnum('auth_type', 'TLS_CLIENT_AUTH', 2) ||
    credentials.path('client_secret', 'name')?.asString()
      ? undefined
      : errorAt(credentials, 'The secret of the OAuth2 client is missing: "client_secret" must name one.'),
  ],
  'envoy.extensions.rbac.principals.mtls_authenticated.v3.Config': (principal) => [
    needsOneOf(principal, ['san_matcher', 'any_validated_client_certificate']),
  ],
  'envoy.extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher': (matcher) => [needsOneOf(matcher, PORTS_AND_ADDRESSES)],
};

/** Other names are looked for among the providers. */
function checkProviderName(name: ConfigNode | undefined): Problem | undefined {
  return name?.asString() === '' ? errorAt(name, 'Required provider "" is not configured.') : undefined;
}

const SHA = '{SHA}';
/** SHA-1 in base64. */
const SHA_LENGTH = 28;

/** An htpasswd file with SHA-1 hashes (basic_auth/config.cc readHtpasswd). */
function checkPasswords(source: ConfigNode | undefined): Problem | undefined {
  const users = inlineNode(source);
  const text = inlineText(source);
  if (!users || text === undefined) return undefined;
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const wrong = describePassword(line, seen);
    if (wrong !== undefined) return errorAt(users, `Basic auth: ${wrong}.`);
  }
  return undefined;
}

function describePassword(line: string, seen: Set<string>): string | undefined {
  const colon = line.indexOf(':');
  if (colon < 0) return 'a line is no "username:password"';
  const [name, hash] = [line.slice(0, colon), line.slice(colon + 1)];
  if (name === '' || hash === '') return 'the name of a user or its password is empty';
  if (seen.has(name)) return `the user "${name.slice(0, 60)}" is given twice`;
  seen.add(name);
  if (!hash.startsWith(SHA)) return 'a password is in a format that is not supported: please use {SHA}';
  return hash.length === SHA.length + SHA_LENGTH ? undefined : 'a SHA-1 hash in base64 has 28 characters, without blanks after it';
}

function checkKeys(config: ConfigNode): Problem[] {
  return repeatedItems(
    config.list('credentials'),
    (credential) => credential.string('key'),
    () => 'Duplicated credential key.',
  );
}

/** Signatures of version 4 are for one region (aws_request_signing/config.cc isARegionSet). */
function checkRegion(config: ConfigNode): Problem | undefined {
  const region = config.get('region');
  // What the environment says, no file tells.
  if (!region?.asString() && !config.isIncomplete)
    return warningAt(
      region ?? config,
      'No AWS region is set: Envoy refuses this unless AWS_REGION, AWS_DEFAULT_REGION or a profile tells it.',
    );
  const isSet = /[*,]/.test(region?.asString() ?? '');
  return region && isSet && !config.isEnum('signing_algorithm', 'AWS_SIGV4A', 1)
    ? errorAt(region, 'A region set (with "*" or ",") needs "signing_algorithm": AWS_SIGV4A.')
    : undefined;
}

function checkProviders(provider: ConfigNode): Problem | undefined {
  const chain = provider.get('custom_credential_provider_chain');
  const hasOther = provider.entries().some(([key]) => !/^custom_?credential_?provider_?chain$/i.test(key));
  return chain?.asBoolean() && !hasOther && !provider.isIncomplete
    ? errorAt(chain, 'A custom credential provider chain must have at least one credential provider.')
    : undefined;
}

/** Http::Utility::Url (http/utility.cc): a scheme of letters, a host and a port. */
const URL_PARTS = /^[a-z]+:\/\/(?:[^@/?#\s]*@)?(?:\[[\da-f:.%]+\]|[\w.-]+)(?::(\d+))?(?:[/?#][^\s\p{Cc}]*)?$/iu;
const MAX_PORT = 65_535;

/** A URL that Envoy cannot take apart. */
export function checkUrl(url: ConfigNode | undefined): Problem | undefined {
  const text = url?.asString() ?? '';
  const parts = URL_PARTS.exec(text);
  return url && text !== '' && (!parts || Number(parts[1] ?? 0) > MAX_PORT)
    ? errorAt(url, `Invalid URL "${text.slice(0, 80)}": a scheme and a host are expected.`)
    : undefined;
}

function startsWithSlash(path: ConfigNode | undefined): Problem | undefined {
  const text = path?.asString() ?? '';
  return path && text !== '' && !text.startsWith('/') ? errorAt(path, 'The path must start with "/".') : undefined;
}

function checkUri(uri: ConfigNode | undefined): Problem | undefined {
  const text = uri?.asString() ?? '';
  const isFit = /^https?:\/\//i.test(text) && !checkUrl(uri);
  return uri && text !== '' && !isFit ? errorAt(uri, `Invalid URI: "${text.slice(0, 80)}".`) : undefined;
}
