/** The rules, in the order in which problems at one place are told. */
import type { Rule } from './rule';
import { danglingReference } from './rules/danglingReference';
import { conflictingFields } from './rules/schema/conflictingFields';
import { deprecatedField } from './rules/schema/deprecatedField';
import { invalidValue } from './rules/schema/invalidValue';
import { missingField } from './rules/schema/missingField';
import { removedField } from './rules/schema/removedField';
import { unknownEnumValue } from './rules/schema/unknownEnumValue';
import { unknownField } from './rules/schema/unknownField';
import { unknownType } from './rules/schema/unknownType';
import { wrongType } from './rules/schema/wrongType';
import { textTable } from './rules/textTable';

export const RULES: readonly Rule[] = [
  wrongType,
  unknownField,
  unknownType,
  unknownEnumValue,
  conflictingFields,
  missingField,
  invalidValue,
  removedField,
  deprecatedField,
  danglingReference,
  textTable,
];
