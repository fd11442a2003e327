/** What made a part of the configuration, where Istio's metadata tell (`metadata.filter_metadata.istio`; istio: pilot/pkg/util/protoconv). */
import { describeMaker } from '../../model/istio/istioNames';
import { memoizeByNode, type ConfigNode } from '../../schema/configNode';
import { say, type Sentence } from './sentence';

/** Example: `VirtualService default/reviews`. undefined: nobody tells. */
export const makerOf: (node: ConfigNode) => string | undefined = memoizeByNode((node: ConfigNode) =>
  describeMaker(node.get('metadata'), node.has('match') ? node.string('name') : ''),
);

/** `because`, with what made the node, where that is told. */
export function withMaker(because: Sentence, node: ConfigNode): Sentence {
  const maker = makerOf(node);
  return maker === undefined ? because : say`${because} (made by ${maker})`;
}
