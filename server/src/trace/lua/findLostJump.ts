/** Jumps to a label that cannot be seen from there: LuaJIT loads no such script (lj_parse.c, gola_fixup). */
import type { LuaExpression, LuaStatement } from './luaSyntax';

/** The label of the first `goto` that leads nowhere. */
export function findLostJump(block: readonly LuaStatement[], outer: ReadonlySet<string> = NONE): string | undefined {
  const labels = new Set([...outer, ...block.flatMap((statement) => (statement.kind === 'label' ? [statement.label] : []))]);
  for (const statement of block) {
    if (statement.kind === 'goto' && !labels.has(statement.label)) return statement.label;
    const lost =
      firstOf(blocksOf(statement), (inner) => findLostJump(inner, labels)) ??
      firstOf(functionsOf(statement), (value) => (value.kind === 'function' ? findLostJump(value.body) : undefined));
    if (lost !== undefined) return lost;
  }
  return undefined;
}

const NONE: ReadonlySet<string> = new Set();

function firstOf<Item>(items: readonly Item[], find: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The labels around are seen in these. */
function blocksOf(statement: LuaStatement): readonly (readonly LuaStatement[])[] {
  if (statement.kind === 'if') return statement.branches.map(({ body }) => body);
  return 'body' in statement ? [statement.body] : [];
}

/** Functions have labels of their own. */
function functionsOf(statement: LuaStatement): readonly LuaExpression[] {
  if (statement.kind === 'localFunction') return [statement.value];
  return 'values' in statement ? statement.values : [];
}
