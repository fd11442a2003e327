/** One token against the providers that may have issued it (Envoy: source/extensions/filters/http/jwt_authn/authenticator.cc startVerify, in its order). */
import { inlineText } from '../../../model/dataSource';
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { isAfter } from '../../facts/requestTime';
import { readStringMatcher, testString } from '../../matcher/stringMatcher';
import { say, words, type Sentence } from '../../record/sentence';
import { whyServiceIsDead } from '../../cluster/deadService';
import type { JwtContext, JwtResult } from './jwtContext';
import type { JwtMessage } from './jwtStatus';
import { readKeySet, type KeySet } from './readKeySet';
import { readToken, type Claims, type Token } from './readToken';
import { verifySignature } from './verifySignature';

export interface TokenRules {
  /** Those that look for tokens at this token's place: nobody else may have issued it (extractor.cc, isIssuerAllowed). */
  readonly allowed: readonly ConfigNode[];
  /** Of a requirement that names one; absent: any that has the token's issuer. */
  readonly provider?: ConfigNode;
  /** Of the requirement; in place of the provider's. */
  readonly audiences?: readonly string[];
  readonly at: ConfigNode;
}

/** `provider` is the one whose key has signed it; also where a claim fails, because it is told of the failure. */
export type TokenResult =
  | { readonly kind: 'ok'; readonly token: Token; readonly provider: ConfigNode }
  | (Exclude<JwtResult, { kind: 'ok' }> & { readonly provider?: ConfigNode });

export function testToken(text: string, rules: TokenRules, context: JwtContext): TokenResult {
  const token = readToken(text);
  if (token.kind === 'malformed') return failed(token.message, words('its token is malformed'), rules.at);
  const issuer = textOf(token.claims['iss']);
  const issuers = rules.allowed.map((provider) => provider.string('issuer'));
  const foreign = say`its token is issued by ${issuer}, must be by ${issuers}`;
  if (!issuers.includes('') && !issuers.includes(issuer)) return failed('Jwt issuer is not configured', foreign, rules.at);
  const candidates = rules.provider ? [rules.provider] : findByIssuer(context, issuer);
  const [provider, second] = candidates;
  if (!provider) return failed('Jwt issuer is not configured', foreign, rules.at);
  if (second)
    return { kind: 'unknown', missing: say`which of several JWT providers Envoy takes for ${issuer}`, at: rules.at, issuers: candidates };
  const problem = testClaims(token, provider, { rules, context }) ?? testKey(token, provider, { rules, context });
  return problem ? { ...problem, provider } : { kind: 'ok', token, provider };
}

/** With the same issuer; else those that name none (jwks_cache.cc findByIssuer). */
function findByIssuer({ providers }: JwtContext, issuer: string): ConfigNode[] {
  const by = (name: string): ConfigNode[] => [...providers.values()].filter((provider) => provider.string('issuer') === name);
  const exact = by(issuer);
  return exact.length > 0 ? exact : by('');
}

type Problem = Exclude<JwtResult, { kind: 'ok' }>;

function failed(message: JwtMessage, because: Sentence, at: ConfigNode): Extract<JwtResult, { kind: 'failed' }> {
  return { kind: 'failed', message, because, at };
}

/** Times, audiences, subject, lifetime. */
function testClaims(
  { claims }: Token,
  provider: ConfigNode,
  { rules, context }: { rules: TokenRules; context: JwtContext },
): Problem | undefined {
  const timely = testTimes(claims, provider, context);
  if (timely) return timely;
  const wanted = rules.audiences ?? provider.list('audiences').map((each) => each.asString() ?? '');
  if (!allowsAudience(wanted, claims)) {
    const because = say`its token is for ${textOf(claims['aud'])}, must be for ${wanted}`;
    return failed('Audiences in Jwt are not allowed', because, provider.get('audiences') ?? rules.at);
  }
  const subjects = provider.get('subjects');
  if (subjects) {
    const verdict = testString(readStringMatcher(subjects), textOf(claims['sub']), words("the token's subject"));
    if (verdict.kind === 'unknown') return { kind: 'unknown', missing: verdict.missing, at: subjects, issuers: [provider] };
    if (verdict.kind === 'no') return failed('Jwt verification fails', verdict.because, subjects);
  }
  return testLifetime(claims, provider, context);
}

const DEFAULT_SKEW = 60;

function testTimes(claims: Claims, provider: ConfigNode, { time }: JwtContext): Problem | undefined {
  const [begin, end] = [secondOf(claims['nbf']), secondOf(claims['exp'])];
  const skew = provider.number('clock_skew_seconds') || DEFAULT_SKEW;
  const hasBegun = begin === 0 ? true : isAfter(time, begin - skew - 1);
  if (hasBegun === false) return failed('Jwt not yet valid', say`its token is valid from ${dateOf(begin)} only`, provider);
  if (hasBegun === undefined) return timeMatters(provider, say`the token is valid from ${dateOf(begin)} only`);
  const isLate = end === 0 ? false : isAfter(time, end + skew);
  if (isLate) return failed('Jwt is expired', say`its token has expired at ${dateOf(end)}`, provider);
  return isLate === undefined ? timeMatters(provider, say`the token expires at ${dateOf(end)}`) : undefined;
}

/** What is left of its life must be less than `max_lifetime`; with a limit, or `require_expiration`, it must expire at all. */
function testLifetime(claims: Claims, provider: ConfigNode, { time }: JwtContext): Problem | undefined {
  const limit = provider.get('max_lifetime');
  if (!limit && provider.bool('require_expiration') !== true) return undefined;
  const end = secondOf(claims['exp']);
  if (end === 0) return failed('Jwt verification fails', words('its token never expires'), limit ?? provider);
  if (!limit) return undefined;
  const seconds = (provider.duration('max_lifetime') ?? 0) / 1000;
  const isShort = isAfter(time, end - seconds);
  if (isShort === undefined) return timeMatters(provider, say`the token expires at ${dateOf(end)}, and may live for ${seconds} s at most`);
  return isShort ? undefined : failed('Jwt verification fails', say`its token lives until ${dateOf(end)}`, limit);
}

function timeMatters(provider: ConfigNode, because: Sentence): Problem {
  return {
    kind: 'unknown',
    missing: say`when the request comes: ${because} (say it with the request's ${'time'})`,
    at: provider,
    issuers: [provider],
  };
}

function secondOf(value: unknown): number {
  return typeof value === 'number' ? Math.floor(value) : 0;
}

const LAST_DATE = 8.64e12;

function dateOf(second: number): string {
  return second > LAST_DATE ? String(second) : new Date(second * 1000).toISOString().replace('.000', '');
}

/** Scheme and a slash at the end do not count; no audiences allow all (src/check_audience.cc). */
function allowsAudience(wanted: readonly string[], { aud }: Claims): boolean {
  const given = (Array.isArray(aud) ? (aud as readonly unknown[]) : aud === undefined ? [] : [aud]).map((each) =>
    plainAudience(textOf(each)),
  );
  return wanted.length === 0 || wanted.some((each) => given.includes(plainAudience(each)));
}

function plainAudience(audience: string): string {
  return audience.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

function testKey(
  token: Token,
  provider: ConfigNode,
  { rules: { at }, context }: { rules: TokenRules; context: JwtContext },
): Problem | undefined {
  const dead = provider.has('local_jwks') ? undefined : whyServiceIsDead(context.hop, provider.get('remote_jwks'));
  if (dead) return failed('Jwks remote fetch is failed', dead.because, dead.at);
  const set = keysOf(provider);
  const { iss, sub, aud } = token.claims;
  const claims = say`issuer ${textOf(iss)}, subject ${textOf(sub)}, audience ${textOf(aud)}`;
  const open = (missing: Sentence): Problem => ({ kind: 'unknown', missing, at, issuers: [provider] });
  if (!set) return open(say`whether the token is signed by its issuer (${claims}): the keys of the provider are not in the file`);
  if (set.kind === 'invalid')
    return failed("Jwks doesn't have any valid public key", words('the keys of the provider cannot be read'), provider);
  const message = verifySignature(token, set.keys);
  return message && failed(message, words("no key of the provider has made the token's signature"), provider.get('local_jwks') ?? provider);
}

/** Of `local_jwks`; undefined where they are elsewhere, or kept back. */
const keysOf = memoizeByNode((provider): KeySet | undefined => {
  const text = inlineText(provider.get('local_jwks'));
  return text ? readKeySet(text) : undefined;
});

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}
