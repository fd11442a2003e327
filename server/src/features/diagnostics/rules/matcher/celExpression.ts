/** A CEL expression that Envoy cannot create: a function that CEL does not have; in a policy of RBAC also those that Envoy leaves out. */
import { camelCase, type ConfigNode } from '../../../../schema/configNode';
import { refusalOfCel, refusalOfCelText } from '../../../../trace/matcher/cel/testCelMatcher';
import { renderSentence } from '../../../../trace/record/sentence';
import { refusalRule, type CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { ruleErrorAt } from '../../typesAbove';

/** The standard functions and operators of CEL (github.com/google/cel-spec, doc/langdef.md), with those that Envoy adds. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  (
    '_?_:_ _&&_ _||_ !_ -_ _==_ _!=_ _<_ _<=_ _>_ _>=_ _+_ _-_ _*_ _/_ _%_ _[_] @in in _in_ @not_strictly_false __not_strictly_false__ size matches contains startsWith endsWith ' +
    'bool bytes double duration dyn int list map string timestamp type uint getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes getMonth getSeconds ' +
    'cel.@mutableList cel.@block has all exists exists_one filter re.extract re.capture re.captureN math.@max math.@min lowerAscii upperAscii replace split join trim charAt indexOf lastIndexOf substring format'
  ).split(' '),
);

const checkCall: CheckMessage = (call) => {
  const name = call.get('function');
  const text = name?.asString() ?? '';
  return name && text !== '' && !FUNCTIONS.has(text) && !isInPolicy(call)
    ? [errorAt(name, `CEL has no function "${text.slice(0, 80)}": Envoy cannot create the expression.`)]
    : [];
};

const BINARY = '_==_ _!=_ _<_ _<=_ _>_ _>=_ _+_ _-_ _*_ _/_ _%_ _[_] @in in _in_'.split(' ');
/** How many operands an operator has, from and to (cel-cpp: eval/compiler/flat_expr_builder.cc). */
const OPERANDS: ReadonlyMap<string, readonly [least: number, most: number]> = new Map(
  [
    { names: BINARY, least: 2, most: 2 },
    { names: ['_&&_', '_||_'], least: 2, most: Infinity },
    { names: ['!_', '-_', '@not_strictly_false', '__not_strictly_false__'], least: 1, most: 1 },
    { names: ['_?_:_'], least: 3, most: 3 },
  ].flatMap(({ names, least, most }) => names.map((name): [string, [number, number]] => [name, [least, most]])),
);

const checkOperands: CheckMessage = (call) => {
  const name = call.get('function');
  const [least, most] = OPERANDS.get(name?.asString() ?? '') ?? [0, Infinity];
  const count = call.list('args').length;
  return name && !call.isIncomplete && !call.has('target') && (count < least || count > most)
    ? [ruleErrorAt(name, `Envoy cannot create this CEL expression: unexpected number of operands (${count}) of "${name.asString()}".`)]
    : [];
};

function isInPolicy(call: ConfigNode): boolean {
  return call.enclosing('condition') !== undefined;
}

const EXPRESSIONS = ['const_expr', 'ident_expr', 'select_expr', 'call_expr', 'list_expr', 'struct_expr', 'comprehension_expr'];
const CONSTANTS = [
  ...['null_value', 'bool_value', 'int64_value', 'uint64_value', 'double_value', 'string_value', 'bytes_value', 'duration_value'],
  'timestamp_value',
];

/** Parsed expressions with a part that is empty (cel-cpp: runtime/internal, extensions/protobuf/ast_converters.cc). */
const checkParsed: CheckMessage = (expression) => {
  const kind = expression.isIncomplete ? undefined : EXPRESSIONS.find((name) => expression.has(name));
  const part = kind === undefined ? undefined : expression.get(kind);
  if (!part || part.isIncomplete) return expression.isIncomplete || part ? [] : [emptyPart(expression, 'the expression is empty')];
  if (kind === 'select_expr')
    return [
      part.has('operand') ? undefined : emptyPart(part, 'select must specify an operand'),
      part.string('field') === '' ? emptyPart(part, 'select: the "field" must not be empty') : undefined,
    ];
  if (kind === 'ident_expr' && part.string('name') === '') return [emptyPart(part, 'the identifier has no "name"')];
  return kind === 'const_expr' && !CONSTANTS.some((name) => part.entries().some(([key]) => key === name || key === camelCase(name)))
    ? [emptyPart(part, 'the constant is not specified')]
    : [];
};

function emptyPart(at: ConfigNode, reason: string): Problem {
  return ruleErrorAt(at, `Envoy cannot create this CEL expression: ${reason}.`);
}

/** The trace's own judgement: comprehensions and functions of strings, unless `cel_config` enables them, are not there. */
const checkPolicy: CheckMessage = (policy) => {
  const condition = policy.get('condition');
  const refusal = condition && refusalOfCel(condition, policy.get('cel_config'));
  return refusal
    ? [ruleErrorAt(unknownCall(condition) ?? condition, `Envoy cannot create this CEL expression: ${renderSentence(refusal)}.`)]
    : [];
};

/** Where a function stands that CEL does not have, the first of them. */
function unknownCall(condition: ConfigNode): ConfigNode | undefined {
  const pending = [condition];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const name = next.get('function');
    if (name && !FUNCTIONS.has(name.asString() ?? '')) return name;
    const inner = next.isArray ? next.items() : next.entries().map(([, child]) => child);
    pending.push(...inner.filter((child) => child.isObject || child.isArray).reverse());
  }
  return undefined;
}

export const celExpression = refusalRule('cel-expression', {
  'google.api.expr.v1alpha1.Expr': checkParsed,
  'google.api.expr.v1alpha1.Expr.Call': (call, context) => [...checkCall(call, context), ...checkOperands(call, context)],
  'cel.expr.Expr': checkParsed,
  'cel.expr.Expr.Call': (call, context) => [...checkCall(call, context), ...checkOperands(call, context)],
  'envoy.config.rbac.v3.Policy': checkPolicy,
  'envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter': (filter) => [
    checkText(filter.get('expression'), filter.get('cel_config')) ?? needsText(filter),
  ],
  'envoy.extensions.rate_limit_descriptors.expr.v3.Descriptor': (descriptor) => [checkText(descriptor.get('text'))],
  'envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor': (filter) =>
    ['request_attributes', 'response_attributes'].flatMap((field) => filter.list(field).map((text) => checkText(text))),
  'envoy.extensions.filters.network.ext_proc.v3.NetworkExternalProcessor': (filter) =>
    filter.list('connection_attributes').map((text) => checkText(text)),
  'xds.type.v3.CelExpression': (expression) => [checkText(expression.get('cel_expr_string')) ?? needsTree(expression)],
});

/** A text is left unread where an expression stands as a message (source/extensions/filters/common/expr/evaluator.cc). */
function needsTree(expression: ConfigNode): Problem | undefined {
  if (expression.isIncomplete || TREES.some((field) => expression.has(field))) return undefined;
  const text = expression.get('cel_expr_string');
  const where = `it is expected in "cel_expr_checked" or "cel_expr_parsed"${text ? ', Envoy does not read "cel_expr_string"' : ''}`;
  return errorAt(text ?? expression, `Envoy cannot create this CEL expression: the expression is not set, ${where}.`);
}

/** An empty text is no expression (source/extensions/access_loggers/filters/cel/config.cc). */
function needsText(filter: ConfigNode): Problem | undefined {
  return filter.isIncomplete || filter.has('expression')
    ? undefined
    : errorAt(filter, 'Envoy cannot create this CEL expression: "expression" is not set.');
}

const TREES = ['cel_expr_parsed', 'cel_expr_checked', 'parsed_expr', 'checked_expr'];

/** An expression written as text; without comprehensions and, unless switched on, without functions of strings. */
function checkText(node: ConfigNode | undefined, options?: ConfigNode): Problem | undefined {
  const text = node?.asString();
  const refusal = text === undefined ? undefined : refusalOfCelText(text, options);
  return node && refusal && errorAt(node, `Envoy cannot create this CEL expression: ${renderSentence(refusal)}.`);
}
