/** The body of a direct response that is larger than allowed (config_utility.cc). */
import { encodeUtf8 } from '../../../../text/encoding';
import { ROUTE_CONFIGURATION } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';

const DEFAULT_LIMIT = 4096;

export const directResponseBody = refusalRule('direct-response-body', {
  [ROUTE_CONFIGURATION]: (routes) => {
    const limit = routes.number('max_direct_response_body_size_bytes') ?? DEFAULT_LIMIT;
    return routes
      .list('virtual_hosts')
      .flatMap((virtualHost) => virtualHost.list('routes'))
      .map((route) => {
        const body = route.path('direct_response', 'body', 'inline_string');
        const size = encodeUtf8(body?.asString() ?? '').length;
        return body && limit > 0 && size > limit
          ? errorAt(body, `The response body has ${size} bytes; the maximum is ${limit}.`)
          : undefined;
      });
  },
});
