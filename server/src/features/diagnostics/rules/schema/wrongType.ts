/** A value of another type than the field's: Envoy cannot read the file. */
import type { ConfigNode } from '../../../../schema/configNode';
import { errorAt } from '../../problem';
import type { SchemaRule } from '../../rule';
import { describeWrongType } from '../../schemaCheck/wrongType';

export const wrongType: SchemaRule = {
  code: 'wrong-type',
  applies: 'written',
  visit: (report) => ({
    field(value, field) {
      if (field.mapKey === undefined || value.isObject) return;
      report.add(errorAt(value, `"${field.name}" must be an object (a map)`));
    },
    value(value: ConfigNode, field) {
      if (field.mapKey !== undefined && !(value.parent?.isObject ?? false)) return;
      if (field.typedByName || (field.removed && !report.isBootstrap)) return;
      const wrong = describeWrongType(value, field);
      if (wrong !== undefined) report.add(errorAt(value, `"${field.name}" ${wrong}`));
    },
  }),
};
