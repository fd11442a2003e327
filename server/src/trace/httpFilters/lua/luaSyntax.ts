/** The syntax tree of a Lua script, as far as scripts of the Lua filter are followed. */

export type LuaExpression =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly target: LuaExpression; readonly key: LuaExpression }
  | { readonly kind: 'call'; readonly target: LuaExpression; readonly arguments: readonly LuaExpression[] }
  | { readonly kind: 'method'; readonly target: LuaExpression; readonly name: string; readonly arguments: readonly LuaExpression[] }
  | { readonly kind: 'table'; readonly entries: readonly LuaTableEntry[] }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: LuaExpression; readonly right: LuaExpression }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: LuaExpression }
  | { readonly kind: 'function'; readonly parameters: readonly string[]; readonly body: readonly LuaStatement[] };

export interface LuaTableEntry {
  /** Undefined: the next number. */
  readonly key: LuaExpression | undefined;
  readonly value: LuaExpression;
}

export type LuaStatement =
  | { readonly kind: 'local'; readonly names: readonly string[]; readonly values: readonly LuaExpression[] }
  | { readonly kind: 'assign'; readonly target: LuaExpression; readonly value: LuaExpression }
  | { readonly kind: 'call'; readonly call: LuaExpression }
  | { readonly kind: 'if'; readonly branches: readonly LuaBranch[] }
  | { readonly kind: 'return'; readonly value: LuaExpression | undefined };

export interface LuaBranch {
  /** Undefined: `else`. */
  readonly condition: LuaExpression | undefined;
  readonly body: readonly LuaStatement[];
}

export interface LuaScript {
  readonly body: readonly LuaStatement[];
  /** Names that functions assign: as globals they keep their values from request to request. */
  readonly assigned: ReadonlySet<string>;
}
