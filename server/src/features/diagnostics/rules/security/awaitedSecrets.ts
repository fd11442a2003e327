/** TLS settings that Envoy looks at only when their secrets have come (source/common/tls/context_manager_impl.cc: no context before `isReady`). */
import { ConfigNode } from '../../../../schema/configNode';
import type { Problem, RuleContext } from '../../rule';

/** What Envoy finds when it makes the TLS context: where a secret of the same settings is still to be delivered, it loads the configuration all the same. */
export function onceSecretsCome(problem: Problem | undefined): Problem | undefined {
  if (problem?.severity !== 'error' || !awaitsSecrets(commonContextOf(problem.at))) return problem;
  return { ...problem, severity: 'warning', message: `${problem.message} Envoy finds that out when the secrets of these settings arrive.` };
}

export type SecretUse = 'unused' | 'awaited' | 'used';

/** Whether a TLS context takes a static secret as it stands; `awaited` where other secrets of that context are still to come. */
export function useOfSecret(secret: ConfigNode, { snapshot, proxy }: RuleContext): SecretUse {
  const name = secret.string('name');
  if (proxy?.kind !== 'bootstrap' || name === '') return 'unused';
  const contexts = snapshot
    .namesOf(proxy)
    .uses('secret', name)
    .flatMap(({ resource, node }) => {
      const use = new ConfigNode(resource.node.tree, node).parent;
      return use && !use.has('sds_config') && isAlone(use) ? [commonContextOf(use)] : [];
    });
  return contexts.length === 0 ? 'unused' : contexts.every(awaitsSecrets) ? 'awaited' : 'used';
}

/** Not one half of a `combined_validation_context`. */
function isAlone(use: ConfigNode): boolean {
  const field = use.parent?.isArray ? use.parent : use;
  if (field.isField('tls_certificate_sds_secret_configs')) return true;
  return field.isField('validation_context_sds_secret_config') && (field.parent?.isField('common_tls_context') ?? false);
}

/** The CommonTlsContext around a setting; a few levels are enough. */
function commonContextOf(setting: ConfigNode): ConfigNode | undefined {
  let at: ConfigNode | undefined = setting;
  for (let level = 0; at && level < LEVELS; level++) {
    if (at.isField('common_tls_context')) return at;
    const own: ConfigNode | undefined = at.get('common_tls_context');
    if (own) return own;
    at = at.parent;
  }
  return undefined;
}

const LEVELS = 8;

function awaitsSecrets(common: ConfigNode | undefined): boolean {
  if (!common) return false;
  return [
    ...common.list('tls_certificate_sds_secret_configs'),
    common.get('validation_context_sds_secret_config'),
    common.path('combined_validation_context', 'validation_context_sds_secret_config'),
  ].some((secret) => secret?.has('sds_config') === true);
}
