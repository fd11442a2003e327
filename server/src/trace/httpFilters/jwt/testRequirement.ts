/** `JwtRequirement` (Envoy: source/extensions/filters/http/jwt_authn/verifier.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { mayLackEntries } from '../../../schema/mayLackEntries';
import { firstUnknownHeader } from '../../facts/httpRequest';
import { say, words, type Sentence } from '../../record/sentence';
import { byPlace, extractTokens, headersOf } from './extractTokens';
import type { JwtContext, JwtResult, Unknown } from './jwtContext';
import { sanitise } from './sanitise';
import { verifyTokens, type FoundToken } from './verifyTokens';

const MAX_DEPTH = 100;

/** Tests a requirement in Envoy's order; good tokens leave their traces in the request and in the context. */
export function testRequirement(requirement: ConfigNode, context: JwtContext, depth = 0): JwtResult {
  if (depth > MAX_DEPTH) return { kind: 'unknown', missing: words('what a requirement of more than 100 levels says'), at: requirement };
  const provider = requirement.get('provider_name');
  if (provider) return testProvider(provider, [], context);
  const withAudiences = requirement.get('provider_and_audiences');
  const named = withAudiences?.get('provider_name');
  if (withAudiences && named) {
    const audiences = withAudiences.list('audiences').map((each) => each.asString() ?? '');
    return testProvider(named, audiences, context);
  }
  const any = requirement.get('requires_any');
  if (any) return testAny(any, context, depth);
  const all = requirement.get('requires_all');
  if (all) return testAll(all, context, depth);
  const extracts = requirement.get('extract_only_without_validation');
  if (extracts) return testAllProviders(requirement, context, true, extracts.string('verification_status_header') || STATUS_HEADER);
  if (requirement.has('allow_missing_or_failed')) return testAllProviders(requirement, context, true);
  if (requirement.has('allow_missing')) return testAllProviders(requirement, context, false);
  if (requirement.isIncomplete) return { kind: 'unknown', missing: words('the requirement, which the file leaves out'), at: requirement };
  return { kind: 'ok', because: words('nothing is required') };
}

function testProvider(named: ConfigNode, audiences: readonly string[], context: JwtContext): JwtResult {
  const name = named.asString() ?? '';
  const provider = context.providers.get(name);
  if (!provider) return { kind: 'unknown', missing: say`the JWT provider ${name}, which the file does not have`, at: named };
  sanitise([provider], context.http.request);
  const hidden = hiddenToken([provider], context);
  if (hidden) return { kind: 'unknown', missing: hidden, at: named };
  const tokens = extractTokens(provider, context.http.request).map((token): FoundToken => ({ ...token, providers: [provider] }));
  return verifyTokens(tokens, { at: named, provider, ...(audiences.length > 0 && { audiences }) }, context);
}

/** Tells later filters that a token is not to be believed (guard jwt_authn_add_verification_status_header). */
const STATUS_HEADER = 'x-jwt-signature-verified';

function testAllProviders(requirement: ConfigNode, context: JwtContext, allowsFailed: boolean, statusHeader?: string): JwtResult {
  sanitise(context.providers.values(), context.http.request);
  const hidden = hiddenToken([...context.providers.values()], context);
  if (hidden) return { kind: 'unknown', missing: hidden, at: requirement };
  return verifyTokens(
    tokensOfAll(context),
    { at: requirement, allowsMissing: true, allowsFailed, ...(statusHeader && { statusHeader }) },
    context,
  );
}

/** A header whose value nobody knows may hold a token. */
function hiddenToken(providers: readonly ConfigNode[], { http: { request } }: JwtContext): Sentence | undefined {
  const names = providers.flatMap((provider) => headersOf(provider));
  return firstUnknownHeader(request, names);
}

function tokensOfAll({ http: { request }, providers }: JwtContext): FoundToken[] {
  const found = new Map<string, FoundToken>();
  for (const provider of providers.values())
    for (const token of extractTokens(provider, request)) {
      const key = `${token.place}\n${token.order}`;
      found.set(key, { ...token, providers: [...(found.get(key)?.providers ?? []), provider] });
    }
  return [...found.values()].sort(byPlace);
}

const LENIENT = ['allow_missing_or_failed', 'allow_missing'];

/** One is enough. Beside others, `allow_missing` only forgives that none of them found a token (AnyVerifierImpl). */
function testAny(any: ConfigNode, context: JwtContext, depth: number): JwtResult {
  const all = any.list('requirements');
  const strict = all.filter((each) => !LENIENT.some((field) => each.has(field)));
  const [lenient] = LENIENT.flatMap((field) => all.find((each) => each.has(field)) ?? []);
  if (lenient && strict.length === 0 && !lostRequirements(any)) return testRequirement(lenient, context, depth + 1);
  const failures: Failure[] = [];
  let open: Unknown | undefined = lostRequirements(any);
  for (const each of strict) {
    const result = testRequirement(each, context, depth + 1);
    if (result.kind === 'ok' || (result.kind === 'unknown' && !result.isHarmless)) return result;
    if (result.kind === 'unknown') open ??= result;
    else failures.push(result);
  }
  if (open && !lenient?.has('allow_missing_or_failed')) return open;
  const worst = worstOf(failures, any);
  const forgiven = lenient && (lenient.has('allow_missing_or_failed') || worst.message === 'Jwt is missing');
  return forgiven ? { kind: 'ok', because: words('no alternative holds, and that is allowed') } : worst;
}

type Failure = Extract<JwtResult, { readonly kind: 'failed' }>;

/** The last failure other than a missing token or a foreign issuer; a foreign issuer rather than a missing token. */
function worstOf(failures: readonly Failure[], at: ConfigNode): Failure {
  let worst: Failure = { kind: 'failed', message: 'Jwt is missing', because: words('there is no alternative'), at };
  for (const failure of failures) if (!MILD.has(failure.message) || worst.message === 'Jwt is missing') worst = failure;
  return worst;
}

const MILD: ReadonlySet<string> = new Set(['Jwt is missing', 'Jwt issuer is not configured']);

/** The first failure ends it. */
function testAll(all: ConfigNode, context: JwtContext, depth: number): JwtResult {
  for (const each of all.list('requirements')) {
    const result = testRequirement(each, context, depth + 1);
    if (result.kind !== 'ok') return result;
  }
  return lostRequirements(all) ?? { kind: 'ok', because: words('all requirements hold') };
}

function lostRequirements(list: ConfigNode): Unknown | undefined {
  if (!mayLackEntries(list, 'requirements')) return undefined;
  return { kind: 'unknown', missing: words('the requirements of a list, which the file leaves out'), at: list };
}
