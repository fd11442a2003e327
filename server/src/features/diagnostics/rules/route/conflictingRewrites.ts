/** Rewrites of the path of which only one may be given (config_impl.cc RouteEntryImplBase). */
import { ROUTE_ACTION } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';

const REWRITES = ['prefix_rewrite', 'regex_rewrite', 'path_rewrite_policy', 'path_rewrite'];

export const conflictingRewrites = refusalRule('conflicting-rewrites', {
  [ROUTE_ACTION]: (action) => {
    const given = REWRITES.flatMap((name) => action.get(name) ?? []).filter((node) => node.asString() !== '');
    const [first, ...others] = given.sort((a, b) => a.id - b.id);
    return others.map((other) =>
      errorAt(other, `Specify only one of ${REWRITES.map((name) => `"${name}"`).join(', ')}.`, {
        related: first ? [{ message: `"${first.key}" is given here`, at: first }] : [],
      }),
    );
  },
});
