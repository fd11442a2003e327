/**
 * Places of a name that means something inside a connection manager or a route configuration only: another one may have the same name for
 * something else, and one route configuration may serve several managers.
 */
import type { NamedPlace } from '../../index/names/documentNames';
import type { ProxyScope } from '../../index/proxyScope';
import { namedMessage } from '../../index/links/definitionsOf';
import { resolveName } from '../../index/links/resolveName';
import type { ReferenceScope } from '../../schema/references/referenceSite';
import type { Snapshot } from '../../index/snapshot';

const LOCAL: ReadonlySet<ReferenceScope> = new Set<ReferenceScope>([
  'http_connection_manager',
  'jwt_authentication',
  'route_configuration',
  'generic_proxy',
]);

/** Whether equal names in one proxy may mean different things. */
export function isLocalName({ site }: NamedPlace): boolean {
  return LOCAL.has(site.scope);
}

/** Of all places of a local name those that lead, directly or by one another, to what this one means; definitions and uses. */
export function connectedPlaces(snapshot: Snapshot, proxy: ProxyScope, name: NamedPlace): NamedPlace[] {
  const names = snapshot.namesOf(proxy);
  const isDefinition = name.site.role === 'definition';
  const uses = names.uses(name.kind, name.name).map((place) => ({ place, targets: targetsOf(snapshot, proxy, place) }));
  // Every route configuration may have a route of that name, and nothing refers to routes.
  if (isDefinition && uses.length === 0) return [name];
  const meant = new Set(isDefinition ? [keyOf(name)] : targetsOf(snapshot, proxy, name));
  if (meant.size === 0) return uses.filter(({ targets }) => targets.length === 0).map(({ place }) => place);
  for (let before = 0; before < meant.size;) {
    before = meant.size;
    for (const { targets } of uses) if (targets.some((each) => meant.has(each))) for (const each of targets) meant.add(each);
  }
  return [
    ...names.definitions(name.kind, name.name).filter((each) => meant.has(keyOf(each))),
    ...uses.filter(({ targets }) => targets.some((each) => meant.has(each))).map(({ place }) => place),
  ];
}

function targetsOf(snapshot: Snapshot, proxy: ProxyScope, place: NamedPlace): string[] {
  return resolveName(snapshot, proxy, place).targets.map(({ tree, id }) => `${tree.uri}\n${id}`);
}

function keyOf(definition: NamedPlace): string {
  const { tree, id } = namedMessage(definition);
  return `${tree.uri}\n${id}`;
}
