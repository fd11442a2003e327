/** Scoped routes: the route configuration by a key made of request headers (Envoy: source/common/router/scoped_config_impl.cc). */
import { memoizeByNode, type ConfigNode } from '../../../schema/configNode';
import { lostField } from '../../../schema/keptBack';
import { mayLackEntries } from '../../../schema/mayLackEntries';
import { knownHeader, type HttpRequest } from '../../facts/httpRequest';
import { NotKnown } from '../../facts/notKnown';
import { say, words, type Sentence } from '../../record/sentence';
import type { Hop } from '../../hop';

export type ScopeChoice =
  | { readonly kind: 'scope'; readonly scope: ConfigNode; readonly key: readonly string[] }
  | { readonly kind: 'none'; readonly because: Sentence }
  | { readonly kind: 'unknown'; readonly missing: Sentence };

/** The scope whose key equals the request's. A header that is not there gives no key, and no scope. */
export function chooseScope(hop: Hop, scopedRoutes: ConfigNode, request: HttpRequest): ScopeChoice {
  const lost = lostField(scopedRoutes, ['scope_key_builder']);
  if (lost !== undefined) return { kind: 'unknown', missing: say`how the key of a scope is made: the file leaves out a part of ${lost}` };
  const key: string[] = [];
  for (const builder of scopedRoutes.path('scope_key_builder', 'fragments')?.items() ?? []) {
    const extractor = builder.get('header_value_extractor');
    const values = extractor ? knownHeader(request, extractor.string('name')) : [];
    if (values instanceof NotKnown) return { kind: 'unknown', missing: say`the key of a scope: ${values.missing}` };
    const fragment = extractor && extractFragment(extractor, values[0]);
    if (fragment === undefined)
      return { kind: 'none', because: say`the request gives no scope key: header ${extractor?.string('name') ?? ''} has no such part` };
    key.push(fragment);
  }
  const scopes = scopesOf(hop, scopedRoutes);
  if (!scopes) return { kind: 'unknown', missing: say`the scoped routes ${scopedRoutes.string('name')}: the files do not hold them` };
  const scope = scopes.byKey.get(JSON.stringify(key));
  if (scope) return { kind: 'scope', scope, key };
  if (scopes.isCut) return { kind: 'unknown', missing: say`the scope with the key ${key}: the file leaves out a part of the scopes` };
  return { kind: 'none', because: say`no scope has the key ${key}` };
}

/** A fragment of the key; only the header's first value counts. */
function extractFragment(extractor: ConfigNode, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const separator = extractor.string('element_separator');
  const elements = separator === '' ? [value] : value.split(separator);
  const element = extractor.get('element');
  if (!element) return elements[extractor.number('index') ?? 0];
  const wanted = element.string('key');
  const between = element.string('separator');
  for (const each of elements) {
    const at = between === '' ? -1 : each.indexOf(between);
    if ((at < 0 ? each : each.slice(0, at)) === wanted) return at < 0 ? '' : each.slice(at + between.length);
  }
  return undefined;
}

interface ScopeTable {
  readonly byKey: ReadonlyMap<string, ConfigNode>;
  /** A scope, or its key, may be lost. */
  readonly isCut: boolean;
}

/** The scopes of the inline list, or those that were delivered (SRDS); undefined where none of the set are in the files. */
function scopesOf(hop: Hop, scopedRoutes: ConfigNode): ScopeTable | undefined {
  const inline = scopedRoutes.get('scoped_route_configurations_list');
  if (inline) return scopesOfList(inline);
  const name = scopedRoutes.string('name');
  const delivered = hop.proxy.resources.filter(
    ({ kind, state, set }) => kind === 'scoped_route_configuration' && state !== 'error' && (set === undefined || set === name),
  );
  return delivered.length === 0 ? undefined : tableOf(delivered.map(({ node }) => node));
}

const scopesOfList: (list: ConfigNode) => ScopeTable = memoizeByNode((list) => {
  const table = tableOf(list.list('scoped_route_configurations'));
  return { ...table, isCut: table.isCut || mayLackEntries(list, 'scoped_route_configurations') };
});

function tableOf(scopes: readonly ConfigNode[]): ScopeTable {
  const whole = scopes.filter((scope) => lostField(scope, ['key']) === undefined);
  return { byKey: new Map(whole.map((scope) => [scopeKey(scope), scope])), isCut: whole.length < scopes.length };
}

function scopeKey(scope: ConfigNode): string {
  return JSON.stringify(
    scope
      .path('key', 'fragments')
      ?.items()
      .map((fragment) => fragment.string('string_key')) ?? [],
  );
}

/** The reader's words for a scope. */
export function scopeName(scope: ConfigNode): Sentence {
  return scope.string('name') === '' ? words('a scope without name') : say`scope ${scope.string('name')}`;
}
