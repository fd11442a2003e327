/** An `@type` that no API describes. Envoy refuses it unless it was built with that extension. */
import type { ConfigNode } from '../../../../schema/configNode';
import { messageNames } from '../../../../schema/table/readTable';
import { messageNameOfTypeUrl, upgradeMessageName } from '../../../../schema/table/typeUrl';
import type { Span } from '../../../../text/span';
import { errorAt, keySpanOf } from '../../problem';
import type { Problem, SchemaRule } from '../../rule';
import { replaceText } from '../../../writing/textChanges';
import { suggestName } from '../../schemaCheck/suggestName';

export const unknownType: SchemaRule = {
  code: 'unknown-type',
  applies: 'written',
  visit: (report) => ({
    value(value, field) {
      if (field.message !== 'google.protobuf.Any' || !value.isObject || value.isIncomplete || field.typedByName) return;
      const at = value.entry('@type');
      const url = at && at.tree.scalar(at.id);
      if (!at) {
        if (value.entries().length > 0) report.add(errorAt(value, `"${field.name}" needs an "@type" that tells what it is.`));
      } else if (typeof url !== 'string' || !/^.+\//.test(url))
        report.add(errorAt(at, 'A type URL has a host before its last slash, such as "type.googleapis.com/envoy…".'));
      else if (WELL_KNOWN.test(url)) {
        const other = value.entries().find(([key]) => key !== '@type' && key !== 'value');
        if (other) report.add(errorAt(other[1], 'Beside an "@type" of this kind only "value" may stand.', spanOf(other[1])));
      } else if (report.isBootstrap) {
        const old = oldType(typeNodeOf(value));
        if (old) report.add(old);
      }
    },
    unknownType(node, name) {
      const suggestion = suggestName(name, messageNames());
      // Lists and xDS files may come from a proxy with extensions of its own; a slip in Envoy's own names is none.
      const isSlip = name.startsWith('envoy.') && suggestion !== undefined;
      const at = typeNodeOf(node);
      report.add({
        severity: isSlip || report.isAlone ? 'error' : 'warning',
        at,
        message: `Envoy does not know the type "${name.slice(0, 200)}".${suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`}`,
        ...(suggestion !== undefined && {
          fix: () => ({ title: `Change to "${suggestion}"`, changes: replaceText(at, hostOf(at) + suggestion) }),
        }),
      });
    },
  }),
};

/** Types of the v2 API are gone, but for a few that no extension has (`envoy.type.Percent`; observed with Envoy 1.40). */
function oldType(at: ConfigNode): Problem | undefined {
  const name = messageNameOfTypeUrl(at.asString() ?? '');
  const successor = upgradeMessageName(name);
  if (successor === name || name.startsWith('envoy.type.')) return undefined;
  return errorAt(at, `Envoy no longer knows the type "${name.slice(0, 200)}" of the v2 API. Did you mean "${successor}"?`, {
    fix: () => ({ title: `Change to "${successor}"`, changes: replaceText(at, hostOf(at) + successor) }),
  });
}

/** Types with a form of their own in JSON, which stands in `value`. */
const WELL_KNOWN =
  /\/google\.protobuf\.(?:Any|Struct|Value|ListValue|Duration|Timestamp|FieldMask|(?:Double|Float|Int64|UInt64|Int32|UInt32|Bool|String|Bytes)Value)$/;

function spanOf(node: ConfigNode): { span?: Span } {
  const span = keySpanOf(node);
  return span ? { span } : {};
}

/** The `@type` itself; for TypedStruct its `type_url`. */
function typeNodeOf(node: ConfigNode): ConfigNode {
  return node.get('type_url') ?? node.entry('@type') ?? node;
}

/** `type.googleapis.com/` of a type URL. */
function hostOf(url: ConfigNode): string {
  const text = url.asString() ?? '';
  return text.slice(0, text.lastIndexOf('/') + 1);
}
