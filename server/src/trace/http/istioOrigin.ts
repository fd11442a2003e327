/** What made a part of the configuration, when Istio's metadata tells (`metadata.filter_metadata.istio`; istio pilot/pkg/util/protoconv). */
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { say, type Sentence } from '../record/sentence';

/** The Istio or Gateway API resource behind a route, virtual host or cluster. Example: made by `VirtualService` `reviews` in `default` */
const istioOriginOf: (node: ConfigNode) => Sentence | undefined = memoizeByNode((node) => {
  const istio = node.path('metadata', 'filter_metadata')?.entry('istio');
  const path = istio?.entry('config')?.asString() ?? '';
  const match = /\/namespaces\/([^/]*)\/([^/]+)\/([^/]+)$/.exec(path);
  if (!match) return undefined;
  return say`made by ${kindName(match[2] ?? '')} ${match[3] ?? ''} in ${match[1] ?? ''}`;
});

/** `because`, with its origin where there is one. */
export function withOrigin(because: Sentence, ...nodes: readonly (ConfigNode | undefined)[]): Sentence {
  for (const node of nodes) {
    const origin = node && istioOriginOf(node);
    if (origin) return say`${because} (${origin})`;
  }
  return because;
}

/** `virtual-service` → `VirtualService`; other spellings stay. */
function kindName(kind: string): string {
  if (!kind.includes('-')) return kind === 'httproute' ? 'HTTPRoute' : kind;
  return kind.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}
