/** A trace has no body; the request's headers may announce one. */
import { headerValues, type HttpRequest } from '../../facts/httpRequest';
import { isGrpcContentType } from '../localReply/localReply';

/** Its length in bytes, 0 where there is none; undefined where one may follow whose length nobody says. */
export function announcedLength(request: HttpRequest): number | undefined {
  const length = headerValues(request, 'content-length')[0];
  if (length !== undefined) return Number(length) || 0;
  if (request.hasUnannouncedBody === true) return undefined;
  if (request.version === 'http1') return headerValues(request, 'transfer-encoding').length > 0 ? undefined : 0;
  return isGrpcContentType(request) && request.method === 'POST' ? undefined : 0;
}
