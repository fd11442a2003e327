/** The syntax tree of a Lua script (Lua 5.1, as LuaJIT reads it). */

export type LuaExpression =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'vararg' }
  /** In parentheses: of several values the first. */
  | { readonly kind: 'first'; readonly inner: LuaExpression }
  | { readonly kind: 'index'; readonly target: LuaExpression; readonly key: LuaExpression }
  | { readonly kind: 'call'; readonly target: LuaExpression; readonly arguments: readonly LuaExpression[] }
  | { readonly kind: 'method'; readonly target: LuaExpression; readonly name: string; readonly arguments: readonly LuaExpression[] }
  | { readonly kind: 'table'; readonly entries: readonly LuaTableEntry[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: LuaExpression; readonly right: LuaExpression }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: LuaExpression }
  | LuaFunctionExpression;

export interface LuaFunctionExpression {
  readonly kind: 'function';
  readonly parameters: readonly string[];
  readonly isVariadic: boolean;
  readonly body: readonly LuaStatement[];
}

export interface LuaTableEntry {
  /** Undefined: the next number. */
  readonly key: LuaExpression | undefined;
  readonly value: LuaExpression;
}

export type LuaStatement =
  | { readonly kind: 'local'; readonly names: readonly string[]; readonly values: readonly LuaExpression[] }
  | { readonly kind: 'localFunction'; readonly name: string; readonly value: LuaFunctionExpression }
  | { readonly kind: 'assign'; readonly targets: readonly LuaExpression[]; readonly values: readonly LuaExpression[] }
  | { readonly kind: 'call'; readonly call: LuaExpression }
  | { readonly kind: 'if'; readonly branches: readonly LuaBranch[] }
  | { readonly kind: 'do'; readonly body: readonly LuaStatement[] }
  | { readonly kind: 'while'; readonly condition: LuaExpression; readonly body: readonly LuaStatement[] }
  | { readonly kind: 'repeat'; readonly body: readonly LuaStatement[]; readonly condition: LuaExpression }
  /** `for name = from, to, step` */
  | { readonly kind: 'count'; readonly name: string; readonly limits: readonly LuaExpression[]; readonly body: readonly LuaStatement[] }
  /** `for names in values` */
  | {
      readonly kind: 'each';
      readonly names: readonly string[];
      readonly values: readonly LuaExpression[];
      readonly body: readonly LuaStatement[];
    }
  | { readonly kind: 'break' }
  | { readonly kind: 'goto'; readonly label: string }
  | { readonly kind: 'label'; readonly label: string }
  | { readonly kind: 'return'; readonly values: readonly LuaExpression[] };

export interface LuaBranch {
  /** Undefined: `else`. */
  readonly condition: LuaExpression | undefined;
  readonly body: readonly LuaStatement[];
}

export interface LuaScript {
  readonly body: readonly LuaStatement[];
  /** Variables that functions write to, though they are not their own: they keep their values from request to request. */
  readonly shared: ReadonlySet<string>;
}
