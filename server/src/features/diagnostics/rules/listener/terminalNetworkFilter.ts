/** The last network filter of a chain must end it, and no other may (source/common/config/utility.cc validateTerminalFilters). */
import { FILTER_CHAIN } from '../../messageNames';
import { refusalRule } from '../../messageRule';
import { NETWORK, terminalProblems } from '../../terminalFilters';

export const terminalNetworkFilter = refusalRule('terminal-network-filter', {
  [FILTER_CHAIN]: (chain) => terminalProblems(chain.list('filters'), NETWORK, 'network'),
});
