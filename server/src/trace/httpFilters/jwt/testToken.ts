/** One token against the providers that may have issued it (Envoy: source/extensions/filters/http/jwt_authn/authenticator.cc, in its order). */
import type { ConfigNode } from '../../../schema/configNode';
import { say, words } from '../../record/sentence';
import { readToken, type Claims } from './readToken';
import type { JwtResult } from './testRequirement';

export const UNKNOWN_ISSUER = 'Jwt issuer is not configured';

export interface TokenRules {
  readonly providers: readonly ConfigNode[];
  /** Of the requirement; in place of the provider's. */
  readonly audiences?: readonly string[];
  readonly at: ConfigNode;
}

/** What is certain: a bad form, a foreign issuer, and foreign audiences of a token without times. All else the key and the clock decide. */
export function testToken(text: string, { providers, audiences, at }: TokenRules): JwtResult {
  const token = readToken(text);
  if (token.kind === 'malformed')
    return { kind: 'failed', message: token.message, code: 401, because: words('its token is malformed'), at };
  const { iss, sub, aud } = token.claims;
  const issuer = typeof iss === 'string' ? iss : '';
  const issuers = providers.map((provider) => provider.string('issuer'));
  const candidates = providers.filter((_, index) => issuers[index] === '' || issuers[index] === issuer);
  if (candidates.length === 0)
    return { kind: 'failed', message: UNKNOWN_ISSUER, code: 401, because: say`its token is issued by ${issuer}, must be ${issuers}`, at };
  const [only] = candidates.length === 1 ? candidates : [];
  const wanted = audiences ?? only?.list('audiences').map((each) => each.asString() ?? '') ?? [];
  const isTimeless = token.claims['exp'] === undefined && token.claims['nbf'] === undefined;
  if (isTimeless && !allowsAudience(wanted, token.claims)) {
    const because = say`its token is for ${textOf(aud)}, must be for ${wanted}`;
    return { kind: 'failed', message: 'Audiences in Jwt are not allowed', code: 403, because, at };
  }
  const claims = say`issuer ${issuer}, subject ${textOf(sub)}, audience ${textOf(aud)}`;
  return {
    kind: 'unknown',
    missing: say`whether the token is valid (${claims}): its signature and its times are checked when the request arrives`,
    at,
  };
}

/** Scheme and a slash at the end do not count; no audiences allow all. */
function allowsAudience(wanted: readonly string[], { aud }: Claims): boolean {
  const given = (Array.isArray(aud) ? (aud as readonly unknown[]) : [aud]).map((each) =>
    plainAudience(typeof each === 'string' ? each : ''),
  );
  return wanted.length === 0 || wanted.some((each) => given.includes(plainAudience(each)));
}

function plainAudience(audience: string): string {
  return audience.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}
