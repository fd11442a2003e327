/** Where the OAuth2 filter may send clients (Envoy: source/extensions/filters/http/oauth2/filter.cc, isHostAllowedDomain). */
import type { ConfigNode } from '../../../schema/configNode';
import { portStart } from '../../http/hostPort';

/** `allowed_redirect_domains`: exact names, or `*.name` for what is below it; none allow every host. */
export function isAllowedDomain(config: ConfigNode, url: string): boolean {
  const domains = config.list('allowed_redirect_domains').map((domain) => domain.asString() ?? '');
  if (domains.length === 0) return true;
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)/i.exec(url)?.[1];
  if (authority === undefined) return false;
  const port = portStart(authority);
  const host = authority.slice(0, port < 0 ? undefined : port).replace(/^\[|\]$/g, '');
  return domains.some((domain) =>
    domain.startsWith('*.')
      ? host.endsWith(domain.slice(1)) && host.length > domain.length - 1
      : host.toLowerCase() === domain.toLowerCase(),
  );
}
