/** Settings of an extension that Envoy refuses though each value fits its field: fields that need or exclude each other. */
import { refusalRule } from '../../messageRule';
import { dataSources } from './dataSources';
import { httpFilterSettings } from './httpFilterSettings';
import { networkFilterSettings } from './networkFilterSettings';
import { observabilitySettings } from './observabilitySettings';
import { upstreamSettings } from './upstreamSettings';

export const extensionSettings = refusalRule('extension-settings', {
  ...dataSources,
  ...httpFilterSettings,
  ...networkFilterSettings,
  ...observabilitySettings,
  ...upstreamSettings,
});
