/** A parsed CEL expression that calls a function which CEL does not have. */
import { refusalRule, type CheckMessage } from '../../messageRule';
import { errorAt } from '../../problem';

/** The standard functions and operators of CEL (github.com/google/cel-spec, doc/langdef.md), with those that Envoy adds. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  (
    '_?_:_ _&&_ _||_ !_ -_ _==_ _!=_ _<_ _<=_ _>_ _>=_ _+_ _-_ _*_ _/_ _%_ _[_] @in in _in_ @not_strictly_false __not_strictly_false__ size matches contains startsWith endsWith ' +
    'bool bytes double duration dyn int list map string timestamp type uint getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours getMilliseconds getMinutes getMonth getSeconds ' +
    'cel.@mutableList cel.@block has all exists exists_one filter re.extract re.capture re.captureN math.@max math.@min lowerAscii upperAscii replace split join trim charAt indexOf lastIndexOf substring format'
  ).split(' '),
);

const check: CheckMessage = (call) => {
  const name = call.get('function');
  const text = name?.asString() ?? '';
  return name && text !== '' && !FUNCTIONS.has(text)
    ? [errorAt(name, `CEL has no function "${text.slice(0, 80)}": Envoy cannot create the expression.`)]
    : [];
};

export const celExpression = refusalRule('cel-expression', { 'google.api.expr.v1alpha1.Expr.Call': check, 'cel.expr.Expr.Call': check });
