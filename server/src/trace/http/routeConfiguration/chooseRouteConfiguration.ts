/** Which route configuration a connection manager uses: inline, RDS, or scoped (Envoy: conn_manager_impl.cc snapScopedRouteConfig, rds_impl.cc). */
import { readTyped, type ConfigNode } from '../../../schema/configNode';
import { readConfigSource } from '../../../index/configSource';
import { KEPT_BACK } from '../../../schema/keptBack';
import { addStep, type Hop } from '../../hop';
import { isFileOpen, mayLack } from '../../lostResources';
import { say, words, type Sentence } from '../../record/sentence';
import { chooseScope, scopeName } from './chooseScope';
import type { HttpStream } from '../../httpStream';

export type RouteConfigurationChoice =
  | { readonly kind: 'found'; readonly node: ConfigNode }
  /** Envoy has none: 404. */
  | { readonly kind: 'none'; readonly because: Sentence }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

/** Chooses it anew for each route refresh, as scopes depend on headers. Writes a step. */
export function chooseRouteConfiguration(hop: Hop, http: HttpStream): RouteConfigurationChoice {
  const { choice, because } = findRouteConfiguration(hop, http);
  if (choice.kind === 'found') {
    const name = choice.node.string('name');
    hop.record.routeConfiguration = name;
    addStep(hop, { stage: 'route_configuration', decision: say`${configurationWords(choice.node)} is used`, because, at: choice.node });
  } else {
    const named = http.manager.path('rds', 'route_config_name')?.asString();
    if (named !== undefined) hop.record.routeConfiguration = named;
  }
  if (choice.kind === 'none')
    addStep(hop, {
      stage: 'route_configuration',
      decision: words('there is no route configuration'),
      because: choice.because,
      at: http.manager,
    });
  return choice;
}

/** The reader's words for a route configuration, which may have no name. */
export function configurationWords(routeConfiguration: ConfigNode): Sentence {
  const name = routeConfiguration.string('name');
  return name === '' ? words('the inline route configuration') : say`route configuration ${name}`;
}

/** The same without a step. */
export function findRouteConfiguration(hop: Hop, http: HttpStream): { choice: RouteConfigurationChoice; because: Sentence } {
  const { manager } = http;
  const inline = manager.get('route_config');
  if (inline) return { choice: { kind: 'found', node: inline }, because: words('it stands in the connection manager') };
  const rds = manager.get('rds');
  if (rds) return { choice: findByRds(hop, rds), because: words('the connection manager names it (RDS)') };
  const scoped = manager.get('scoped_routes');
  if (scoped) return findScoped(hop, http, scoped);
  const missing = words('the route configuration of the connection manager, which the file leaves out');
  if (manager.isIncomplete) return { choice: { kind: 'unknown', missing }, because: missing };
  const because = words('the connection manager names none');
  return { choice: { kind: 'none', because }, because };
}

function findScoped(hop: Hop, http: HttpStream, scoped: ConfigNode): { choice: RouteConfigurationChoice; because: Sentence } {
  const choice = chooseScope(hop, scoped, http.request);
  if (choice.kind === 'unknown') return { choice, because: choice.missing };
  if (choice.kind === 'none') return { choice, because: choice.because };
  const { scope, key } = choice;
  const because = say`${scopeName(scope)} has the request's key ${key}`;
  const inline = scope.get('route_configuration');
  if (inline) return { choice: { kind: 'found', node: inline }, because };
  return { choice: findByName(hop, scope.string('route_configuration_name'), scoped.get('rds_config_source')), because };
}

function findByRds(hop: Hop, rds: ConfigNode): RouteConfigurationChoice {
  if (rds.isIncomplete && !rds.has('route_config_name'))
    return { kind: 'unknown', missing: words('the name of the route configuration, which the file leaves out') };
  return findByName(hop, rds.string('route_config_name'), rds.get('config_source'));
}

/** A route configuration that is not in a whole dump does not exist for this proxy; elsewhere nobody can know. */
function findByName(hop: Hop, name: string, source: ConfigNode | undefined): RouteConfigurationChoice {
  const found = hop.proxy.byName.route_configuration.get(name);
  if (found) return { kind: 'found', node: found.node };
  if (
    hop.proxy.resources.some((resource) => resource.kind === 'route_configuration' && resource.name === name && resource.state === 'error')
  )
    return { kind: 'none', because: say`Envoy refused route configuration ${name}, and has no earlier one` };
  if (name === KEPT_BACK || mayLack(hop.proxy, 'route_configuration'))
    return { kind: 'unknown', missing: say`route configuration ${name}: the file leaves route configurations, or their names, out` };
  if (knowsItsRoutes(hop, source)) return { kind: 'none', because: say`route configuration ${name} has not arrived` };
  const from = readConfigSource(source);
  const place = from.kind === 'path' ? say`open the file ${from.path}` : words('take a dump with its routes');
  return { kind: 'unknown', missing: say`route configuration ${name}: the files do not hold it (${place})` };
}

/** True where the files would show the route configuration if the proxy had it. */
function knowsItsRoutes({ proxy, snapshot }: Hop, source: ConfigNode | undefined): boolean {
  const from = readConfigSource(source);
  if (from.kind === 'path') return isFileOpen(proxy, from.path);
  if (proxy.kind !== 'dump') return false;
  return proxy.uris.some((uri) =>
    snapshot.documents
      .get(uri)
      ?.parts.some(({ node }) => node.list('configs').some((section) => readTyped(section).type === 'envoy.admin.v3.RoutesConfigDump')),
  );
}
