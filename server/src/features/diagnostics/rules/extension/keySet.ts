/** Keys of tokens that stand in the configuration (jwt_authn/jwks_cache.cc; google/jwt_verify_lib, jwks.cc). */
import { inlineNode, inlineText } from '../../../../model/dataSource';
import type { ConfigNode } from '../../../../schema/configNode';
import { readKeySet } from '../../../../trace/httpFilters/jwt/readKeySet';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';

/** A key set (a DataSource) is refused when no key in it can be used. */
export function checkKeySet(source: ConfigNode | undefined): Problem | undefined {
  const keys = inlineNode(source);
  const text = inlineText(source) ?? '';
  if (!keys || text === '' || text.includes('...')) return undefined;
  const set = readKeySet(text);
  if (set.kind !== 'invalid') return undefined;
  return !set.isStruct
    ? errorAt(
        keys,
        'Invalid local jwks: the text is no JSON object as Envoy reads it (no comments, no key twice, numbers and words as in JSON).',
      )
    : errorAt(keys, 'Invalid local jwks: it has no valid public key (with "kty" and the members of that kind).');
}
