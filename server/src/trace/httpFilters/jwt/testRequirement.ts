/** `JwtRequirement` (Envoy: source/extensions/filters/http/jwt_authn/verifier.cc, authenticator.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import type { HttpRequest } from '../../facts/httpRequest';
import { say, words, type Sentence } from '../../record/sentence';
import { byPlace, extractTokens, type PlacedToken } from './extractTokens';
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
  if (any) return testAny(any, context, depth);
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
  const tokens = extractTokens(provider, request).map((token): FoundToken => ({ ...token, providers: [provider] }));
  return testTokens(tokens, { at: named, ...(audiences && { audiences }) });
}

/** Valid if one of the tokens is; the last failure counts. */
function testTokens(tokens: readonly FoundToken[], rules: Omit<TokenRules, 'providers'>): JwtResult {
  let failed: JwtResult = {
    kind: 'failed',
    message: MISSING,
    code: 401,
    because: words('the request has no token where the provider looks for one'),
    at: rules.at,
  };
  for (const { text, providers } of [...tokens].reverse()) {
    const result = testToken(text, { ...rules, providers });
    if (result.kind !== 'failed') return result;
    failed = result;
  }
  return failed;
}

function testAllowMissing(requirement: ConfigNode, context: JwtContext): JwtResult {
  const tokens = tokensOfAll(context);
  return tokens.length === 0
    ? { kind: 'ok', because: words('there is no token, and none is required') }
    : testTokens(tokens, { at: requirement });
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

/** A token, and the providers that look for one at its place: nobody else may have issued it (extractor.cc, isIssuerAllowed). */
interface FoundToken extends PlacedToken {
  readonly providers: readonly ConfigNode[];
}

function tokensOfAll({ request, providers }: JwtContext): FoundToken[] {
  const found = new Map<string, FoundToken>();
  for (const provider of providers.values())
    for (const token of extractTokens(provider, request))
      found.set(token.place, { ...token, providers: [...(found.get(token.place)?.providers ?? []), provider] });
  return [...found.values()].sort(byPlace);
}

const LENIENT = ['allow_missing_or_failed', 'allow_missing'];

/** One is enough. Beside others, `allow_missing` only forgives that none of them found a token (AnyVerifierImpl). */
function testAny(any: ConfigNode, context: JwtContext, depth: number): JwtResult {
  const all = any.list('requirements');
  const strict = all.filter((each) => !LENIENT.some((field) => each.has(field)));
  const [lenient] = LENIENT.flatMap((field) => all.find((each) => each.has(field)) ?? []);
  if (lenient && strict.length === 0) return testRequirement(lenient, context, depth + 1);
  const results = strict.map((each) => testRequirement(each, context, depth + 1));
  const decisive = results.find(({ kind }) => kind === 'ok') ?? results.find(({ kind }) => kind === 'unknown');
  if (decisive?.kind === 'unknown' && lenient?.has('allow_missing_or_failed')) return testAllowFailed(lenient, context);
  if (decisive) return decisive;
  const worst = worstOf(
    results.filter((result) => result.kind === 'failed'),
    any,
  );
  const forgiven = lenient && (lenient.has('allow_missing_or_failed') || worst.message === MISSING);
  return forgiven ? { kind: 'ok', because: words('no alternative holds, and that is allowed') } : worst;
}

type Failure = Extract<JwtResult, { readonly kind: 'failed' }>;

/** The last failure other than a missing token or a foreign issuer; else the first other than a missing token. */
function worstOf(failures: readonly Failure[], at: ConfigNode): Failure {
  const worst =
    failures.findLast(({ message }) => message !== MISSING && message !== UNKNOWN_ISSUER) ??
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
