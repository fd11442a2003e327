/** Another host in a request (Envoy: Utility::updateAuthority of source/common/http/utility.cc). */
import { appendHeader, headerValues, setHeader, type HttpRequest } from '../../facts/httpRequest';

export interface AuthorityChange {
  /** `x-envoy-original-host` keeps the old one. */
  readonly keeps: boolean;
  /** `x-forwarded-host` gets the old one. */
  readonly appends: boolean;
}

export function updateAuthority(request: HttpRequest, host: string, { keeps, appends }: AuthorityChange): void {
  if (keeps && request.authority !== '') setHeader(request, 'x-envoy-original-host', request.authority);
  if (appends) appendForwardedHost(request, request.authority);
  request.authority = host;
}

/** Only if it is not the last one already. */
function appendForwardedHost(request: HttpRequest, host: string): void {
  const last = headerValues(request, 'x-forwarded-host').join(',').split(',').at(-1)?.trim();
  if (host !== '' && last !== host) appendHeader(request, 'x-forwarded-host', host);
}
