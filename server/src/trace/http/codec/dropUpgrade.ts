/** Upgrades that the HTTP/1 codec takes away: h2c, and those of `ignore_http_11_upgrade` (Envoy: source/common/http/http1/codec_impl.cc onHeadersCompleteImpl). */
import type { ConfigNode } from '../../../schema/configNode';
import { headerValues, removeHeader, setHeader, type HttpRequest } from '../../facts/httpRequest';
import { readStringMatcher } from '../../matcher/stringMatcher';
import { isUpgrade } from '../isUpgrade';

/** What is left is forwarded as a request that asks for no upgrade, or for the others that it names. */
export function dropUpgrade(request: HttpRequest, manager: ConfigNode): void {
  if (!isUpgrade(request)) return;
  const upgrade = headerValues(request, 'upgrade').join(',');
  if (upgrade.toLowerCase() === 'h2c') {
    keepTokens(request, 'upgrade', () => false);
    keepTokens(request, 'connection', (token) => !['upgrade', 'http2-settings'].includes(token.toLowerCase()));
    removeHeader(request, 'http2-settings');
    return;
  }
  const ignored = manager.get('http_protocol_options')?.list('ignore_http_11_upgrade') ?? [];
  if (ignored.length === 0) return;
  const matchers = ignored.map((matcher) => readStringMatcher(matcher).matches);
  keepTokens(request, 'upgrade', (token) => !matchers.some((matches) => matches?.(token) === true));
  if (headerValues(request, 'upgrade').length === 0) keepTokens(request, 'connection', (token) => token.toLowerCase() !== 'upgrade');
}

/** A header without tokens goes. */
function keepTokens(request: HttpRequest, name: string, isKept: (token: string) => boolean): void {
  const values = headerValues(request, name);
  if (values.length === 0) return;
  const tokens = values.flatMap((value) => value.split(',')).map((token) => token.trim());
  const kept = tokens.filter((token) => token !== '' && isKept(token)).join(',');
  if (kept === '') removeHeader(request, name);
  else setHeader(request, name, kept);
}
