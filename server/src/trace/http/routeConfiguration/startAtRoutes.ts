/** "Trace from here" at routes of which no open file has the listener: what stands before them is taken for granted. */
import { copyHttpRequest } from '../../facts/httpRequest';
import { addStep, type Hop, type HopResult } from '../../hop';
import { cannotTell } from '../../record/hopRecord';
import { say, words } from '../../record/sentence';
import { routeWithin } from './refreshRoute';

/** Shows the virtual host, the route and the cluster it names; whether the request comes there nobody can tell. */
export function startAtRoutes(hop: Hop): HopResult | undefined {
  const routes = hop.assumed?.routeConfiguration;
  const layer = hop.connection.layers.find(({ kind }) => kind === 'http');
  if (!routes || layer?.kind !== 'http') return undefined;
  const request = copyHttpRequest(layer.request);
  const name = routes.string('name');
  hop.record.protocol = request.version;
  hop.record.routeConfiguration = name;
  addStep(hop, {
    stage: 'route_configuration',
    decision: say`route configuration ${name} is used`,
    because: words('the trace begins here'),
    at: routes,
    assumed: true,
  });
  hop.http = {
    // It has none of a manager's fields.
    manager: routes,
    request,
    forwardedProto: request.scheme,
    internal: false,
    metadata: new Map(),
    filterState: new Map(hop.connection.filterState),
    responseHeaders: { set: [], append: [], remove: [] },
  };
  const missing = say`the listener and the HTTP filters before route configuration ${name}: no listener of the open files uses it; take a whole config_dump`;
  return routeWithin(hop, routes) ?? cannotTell(missing);
}
