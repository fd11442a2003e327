/** Scoped routes: how the key is taken from a header, and where the routes come from (source/common/router/scoped_*.cc). */
import type { ConfigNode } from '../../../../schema/configNode';
import { HTTP_CONNECTION_MANAGER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

const SCOPED_ROUTES = `${HTTP_CONNECTION_MANAGER.slice(0, HTTP_CONNECTION_MANAGER.lastIndexOf('.'))}.ScopedRoutes`;

export const scopedRoutes = refusalRule('scoped-routes', {
  [`${SCOPED_ROUTES}.ScopeKeyBuilder.FragmentBuilder.HeaderValueExtractor`]: (extractor) => [checkExtractor(extractor)],
  [SCOPED_ROUTES]: (scoped) => (scoped.get('scoped_route_configurations_list')?.list('scoped_route_configurations') ?? []).map(checkInline),
});

function checkExtractor(extractor: ConfigNode): Problem | undefined {
  if (extractor.isIncomplete) return undefined;
  const index = extractor.get('index');
  if (!index && !extractor.has('element'))
    return errorAt(extractor, 'HeaderValueExtractor: its extract_type is not set ("index" or "element").');
  if (!index || (index.asNumber() ?? 0) === 0 || extractor.string('element_separator') !== '') return undefined;
  return errorAt(index, 'An index above 0 needs an "element_separator".');
}

function checkInline(scope: ConfigNode): Problem | undefined {
  const byName = scope.get('route_configuration_name');
  if (byName && byName.asString() !== '')
    return errorAt(byName, 'Fetching routes via RDS is not supported with inline scoped routes: use "route_configuration".');
  if (scope.isIncomplete || scope.has('route_configuration')) return undefined;
  return errorAt(scope, 'You must specify a "route_configuration" with inline scoped routes.');
}
