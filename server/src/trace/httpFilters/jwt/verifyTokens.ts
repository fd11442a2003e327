/** All tokens that a requirement finds, the last place first (Envoy: source/extensions/filters/http/jwt_authn/authenticator.cc). */
import type { ConfigNode } from '../../../schema/configNode';
import { markDoubtfulHeader, setHeader } from '../../facts/httpRequest';
import { say, words } from '../../record/sentence';
import type { PlacedToken } from './extractTokens';
import type { JwtContext, JwtResult, Unknown } from './jwtContext';
import { statusNumber, type JwtMessage } from './jwtStatus';
import { takeToken } from './takeToken';
import { testToken, type TokenRules } from './testToken';

/** A token, and the providers that look for one at its place. */
export interface FoundToken extends PlacedToken {
  readonly providers: readonly ConfigNode[];
}

export interface Leniency extends Omit<TokenRules, 'allowed'> {
  readonly allowsMissing?: boolean;
  readonly allowsFailed?: boolean;
  /** The request header that is `false` where the last token fails. */
  readonly statusHeader?: string;
}

/** Each must be good; where a missing token is allowed, the last one that is looked at decides. */
export function verifyTokens(tokens: readonly FoundToken[], rules: Leniency, context: JwtContext): JwtResult {
  if (tokens.length === 0) return withoutToken(rules, context);
  const isLenient = rules.allowsMissing === true || rules.allowsFailed === true;
  let result: JwtResult = { kind: 'ok', because: words('its token is good') };
  // Whoever is asked last is told of failures, also where the next token names nobody.
  const asked = { provider: rules.provider };
  for (const token of [...tokens].reverse()) {
    result = verifyToken(token, rules, { context, asked });
    if (result.kind === 'unknown' && !(rules.allowsFailed && result.isHarmless)) return result;
    if (result.kind === 'failed' && !isLenient) return result;
  }
  noteStatus(result, rules, context);
  return rules.allowsFailed ? { kind: 'ok', because: words('a missing or failed token is allowed') } : result;
}

/** Told of the token that is looked at last. */
function noteStatus(result: JwtResult, { statusHeader }: Leniency, { http: { request } }: JwtContext): void {
  if (statusHeader === undefined || result.kind === 'ok') return;
  if (result.kind === 'failed') setHeader(request, statusHeader.toLowerCase(), 'false');
  else markDoubtfulHeader(request, statusHeader.toLowerCase(), words('whether the token is valid'));
}

function withoutToken(rules: Leniency, context: JwtContext): JwtResult {
  noteFailure('Jwt is missing', undefined, context);
  if (rules.allowsMissing || rules.allowsFailed) return { kind: 'ok', because: words('there is no token, and none is required') };
  const because = words('the request has no token where the provider looks for one');
  return { kind: 'failed', message: 'Jwt is missing', because, at: rules.at };
}

interface Asking {
  readonly context: JwtContext;
  readonly asked: { provider: ConfigNode | undefined };
}

function verifyToken(token: FoundToken, rules: Leniency, { context, asked }: Asking): JwtResult {
  const result = testToken(token.text, { ...rules, allowed: token.providers }, context);
  asked.provider = result.provider ?? asked.provider;
  switch (result.kind) {
    case 'ok':
      takeToken(token, result, context);
      return { kind: 'ok', because: say`its token of issuer ${result.provider.string('issuer')} is good` };
    case 'failed':
      noteFailure(result.message, asked.provider, context);
      return result;
    case 'unknown':
      return { ...result, isHarmless: leavesLittle(token, result, context) };
  }
}

/** `failed_status_in_metadata` of the provider; of the only one, where none is found yet. */
function noteFailure(message: JwtMessage, provider: ConfigNode | undefined, { providers, extracted }: JwtContext): void {
  const [only] = providers.size === 1 ? [...providers.values()] : [];
  const name = (provider ?? only)?.string('failed_status_in_metadata') ?? '';
  if (name !== '') extracted.set(name, { code: statusNumber(message), message });
}

const TRACES = ['payload_in_metadata', 'header_in_metadata', 'claim_to_headers', 'forward_payload_header', 'failed_status_in_metadata'];

/** Good or not, the token leaves nothing behind but, perhaps, a gap where it stood. */
function leavesLittle(token: PlacedToken, { issuers = [] }: Unknown, context: JwtContext): boolean {
  if (issuers.length === 0 || issuers.some((provider) => TRACES.some((field) => provider.has(field)))) return false;
  const mayGo = issuers.some((provider) => provider.bool('forward') !== true);
  if (mayGo && token.parameter !== undefined) return false;
  if (mayGo && token.header !== undefined)
    markDoubtfulHeader(context.http.request, token.header, words('whether the token is valid: then it is not forwarded'));
  return true;
}
