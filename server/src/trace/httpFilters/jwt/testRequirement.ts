/** `JwtRequirement` (Envoy: source/extensions/filters/http/jwt_authn/verifier.cc, authenticator.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HttpRequest } from '../../facts/httpRequest';
import { say, words, type Sentence } from '../../record/sentence';
import { extractTokens } from './extractTokens';
import { testToken, UNKNOWN_ISSUER, type TokenRules } from './testToken';

export type JwtResult =
  | { readonly kind: 'ok'; readonly because: Sentence }
  /** `message` is Envoy's, and the body of its answer. */
  | { readonly kind: 'failed'; readonly message: string; readonly code: number; readonly because: Sentence; readonly at: ConfigNode }
  | { readonly kind: 'unknown'; readonly missing: Sentence; readonly at: ConfigNode };

export interface JwtContext {
  readonly request: HttpRequest;
  /** `providers` by name. */
  readonly providers: ReadonlyMap<string, ConfigNode>;
}

const MISSING = 'Jwt is missing';
const MAX_DEPTH = 100;

/** Tests a requirement; a request without any token is certain, one with a token seldom: only its key tells whether it is valid. */
export function testRequirement(requirement: ConfigNode, context: JwtContext, depth = 0): JwtResult {
  if (depth > MAX_DEPTH) return { kind: 'unknown', missing: words('what a requirement of more than 100 levels says'), at: requirement };
  const provider = requirement.get('provider_name');
  if (provider) return testProvider(provider, undefined, context);
  const withAudiences = requirement.get('provider_and_audiences');
  const named = withAudiences?.get('provider_name');
  if (withAudiences && named)
    return testProvider(
      named,
      withAudiences.list('audiences').map((each) => each.asString() ?? ''),
      context,
    );
  const any = requirement.get('requires_any');
  if (any)
    return testAny(
      any.list('requirements').map((each) => testRequirement(each, context, depth + 1)),
      any,
    );
  const all = requirement.get('requires_all');
  if (all) return testAll(all.list('requirements').map((each) => testRequirement(each, context, depth + 1)));
  if (requirement.has('allow_missing_or_failed')) return testAllowFailed(requirement, context);
  if (requirement.has('allow_missing')) return testAllowMissing(requirement, context);
  if (requirement.isIncomplete) return { kind: 'unknown', missing: words('the requirement, which the file leaves out'), at: requirement };
  return { kind: 'ok', because: words('nothing is required') };
}

function testProvider(named: ConfigNode, audiences: readonly string[] | undefined, { request, providers }: JwtContext): JwtResult {
  const name = named.asString() ?? '';
  const provider = providers.get(name);
  if (!provider) return { kind: 'unknown', missing: say`the JWT provider ${name}, which the file does not have`, at: named };
  return testTokens(extractTokens(provider, request), { providers: [provider], at: named, ...(audiences && { audiences }) });
}

/** Valid if one of the tokens is; the last failure counts. */
function testTokens(tokens: readonly string[], rules: TokenRules): JwtResult {
  let failed: JwtResult = {
    kind: 'failed',
    message: MISSING,
    code: 401,
    because: words('the request has no token where the provider looks for one'),
    at: rules.at,
  };
  for (const text of [...tokens].reverse()) {
    const result = testToken(text, rules);
    if (result.kind !== 'failed') return result;
    failed = result;
  }
  return failed;
}

function testAllowMissing(requirement: ConfigNode, context: JwtContext): JwtResult {
  const tokens = tokensOfAll(context);
  return tokens.length === 0
    ? { kind: 'ok', because: words('there is no token, and none is required') }
    : testTokens(tokens, { providers: [...context.providers.values()], at: requirement });
}

/** It passes in any case, but what a valid token leaves behind (claims in metadata or headers) is not known. */
function testAllowFailed(requirement: ConfigNode, context: JwtContext): JwtResult {
  const because = words('a missing or failed token is allowed');
  if (tokensOfAll(context).length === 0) return { kind: 'ok', because };
  const writer = [...context.providers.values()].find((provider) => TRACES.some((field) => provider.has(field)));
  return writer
    ? { kind: 'unknown', missing: words('whether the token is valid, and so which claims later filters see'), at: requirement }
    : { kind: 'ok', because };
}

const TRACES = ['payload_in_metadata', 'header_in_metadata', 'claim_to_headers', 'forward_payload_header', 'clear_route_cache'];

function tokensOfAll({ request, providers }: JwtContext): string[] {
  return [...new Set([...providers.values()].flatMap((provider) => extractTokens(provider, request)))];
}

/** One is enough; else a failure other than a missing token counts before "missing". */
function testAny(results: readonly JwtResult[], at: ConfigNode): JwtResult {
  const decisive = results.find(({ kind }) => kind === 'ok') ?? results.find(({ kind }) => kind === 'unknown');
  if (decisive) return decisive;
  const failures = results.filter((result) => result.kind === 'failed');
  const worst =
    failures.find(({ message }) => message !== MISSING && message !== UNKNOWN_ISSUER) ??
    failures.find(({ message }) => message !== MISSING) ??
    failures[0];
  return worst ?? { kind: 'failed', message: MISSING, code: 401, because: words('there is no alternative'), at };
}

function testAll(results: readonly JwtResult[]): JwtResult {
  return (
    results.find(({ kind }) => kind === 'failed') ??
    results.find(({ kind }) => kind === 'unknown') ?? { kind: 'ok', because: words('all requirements hold') }
  );
}
