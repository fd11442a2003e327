/** A connection manager's last HTTP filter must be the router (or another that ends the chain), and no other may be (validateTerminalFilters). */
import type { ConfigNode } from '../../../../schema/configNode';
import { HTTP_CONNECTION_MANAGER } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { HTTP, terminalProblems } from '../../terminalFilters';

export const terminalHttpFilter = refusalRule('terminal-http-filter', {
  [HTTP_CONNECTION_MANAGER]: (manager) => [
    ...terminalProblems(manager.list('http_filters'), HTTP, 'HTTP'),
    ...manager.list('upgrade_configs').flatMap((upgrade) => terminalProblems(upgrade.list('filters'), HTTP, 'HTTP upgrade')),
    disabledLast(manager),
  ],
});

function disabledLast(manager: ConfigNode): Problem | undefined {
  const disabled = manager.list('http_filters').at(-1)?.get('disabled');
  return disabled?.asBoolean() ? errorAt(disabled, 'The last filter of the chain cannot be disabled by default.') : undefined;
}
