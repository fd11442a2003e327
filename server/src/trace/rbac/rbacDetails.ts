/** The response code details of a denial (Envoy: source/extensions/filters/common/rbac/utility.cc responseDetail). */

/** Blanks in the policy's name become underscores; no policy is `none`. */
export function rbacDetails(policy: string): string {
  return `rbac_access_denied_matched_policy[${policy === '' ? 'none' : policy.replace(/[ \t\n\v\f\r]/g, '_')}]`;
}
