/** A connection manager's last HTTP filter must be the router (or another that ends the chain), and no other may be (validateTerminalFilters). */
import type { ConfigNode } from '../../../../schema/configNode';
import { typesOfCategory } from '../../../../schema/extensions/extensionCategories';
import { HTTP_CONNECTION_MANAGER, HTTP_OPTIONS } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { HTTP, terminalProblems } from '../../terminalFilters';

export const terminalHttpFilter = refusalRule('terminal-http-filter', {
  [HTTP_CONNECTION_MANAGER]: (manager) => [
    ...terminalProblems(manager.list('http_filters'), HTTP, 'HTTP'),
    ...manager
      .list('upgrade_configs')
      .map((upgrade) => upgrade.list('filters'))
      .flatMap((filters) => [...terminalProblems(filters, HTTP, 'HTTP upgrade'), disabledLast(filters)]),
    disabledLast(manager.list('http_filters')),
  ],
  [HTTP_OPTIONS]: (options) => checkUpstream(options.list('http_filters')),
  'envoy.extensions.filters.http.router.v3.Router': (router) => checkUpstream(router.list('upstream_http_filters')),
});

const CODEC = 'envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec';

function checkUpstream(filters: readonly ConfigNode[]): (Problem | undefined)[] {
  return [lacksCodec(filters), disabledLast(filters)];
}

/** filter_chain_helper.cc: upstream filters end with the codec. */
function lacksCodec(filters: readonly ConfigNode[]): Problem | undefined {
  const last = filters.at(-1);
  const type = last?.typed()?.type;
  if (!last || type === undefined || type === CODEC || last.parent?.isIncomplete) return undefined;
  // What Envoy does not know here is refused for that, unless it may be left out.
  if (!last.bool('is_optional') && !typesOfCategory('filters.http.upstream').has(type)) return undefined;
  return errorAt(last, 'The codec filter is the only valid terminal upstream HTTP filter: it must be the last one (UpstreamCodec).');
}

function disabledLast(filters: readonly ConfigNode[]): Problem | undefined {
  const disabled = filters.at(-1)?.get('disabled');
  return disabled?.asBoolean() ? errorAt(disabled, 'The last filter of the chain cannot be disabled by default.') : undefined;
}
