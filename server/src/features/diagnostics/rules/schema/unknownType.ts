/** An `@type` that no API describes. Envoy refuses it unless it was built with that extension. */
import type { ConfigNode } from '../../../../schema/configNode';
import { messageNames } from '../../../../schema/readTable';
import type { SchemaRule } from '../../rule';
import { suggestName } from '../../schemaCheck/suggestName';

export const unknownType: SchemaRule = {
  code: 'unknown-type',
  applies: 'written',
  visit: (report) => ({
    unknownType(node, name) {
      const suggestion = suggestName(name, messageNames());
      // Lists and xDS files may come from a proxy with extensions of its own; a slip in Envoy's own names is none.
      const isSlip = name.startsWith('envoy.') && suggestion !== undefined;
      report.add({
        severity: isSlip || report.isAlone ? 'error' : 'warning',
        at: typeNodeOf(node),
        message: `Envoy does not know the type "${name.slice(0, 200)}".${suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`}`,
      });
    },
  }),
};

/** The `@type` itself; for TypedStruct its `type_url`. */
function typeNodeOf(node: ConfigNode): ConfigNode {
  return node.get('type_url') ?? node.entry('@type') ?? node;
}
