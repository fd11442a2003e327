/** What the SPIFFE validator trusts: certificates by domain, or a map of bundles as JSON (source/extensions/transport_sockets/tls/cert_validator/spiffe/spiffe_validator.cc). */
import { DATA_SOURCE_FIELDS, inlineNode, inlineText } from '../../../../model/dataSource';
import type { ConfigNode } from '../../../../schema/configNode';
import { isJsonObject, readJson } from '../../../../protocol/jsonValue';
import { decodeBase64 } from '../../../../text/encoding';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { repeatedItems } from '../../settingChecks';
import { isSequence } from '../security/pem';

/** A map of bundles takes the place of the domains. */
export function checkTrust(config: ConfigNode): (Problem | undefined)[] {
  const bundles = config.get('trust_bundles');
  const domains = config.list('trust_domains');
  return bundles ? [checkBundles(bundles)] : [...domains.map(lacksCertificate), ...repeatedDomains(domains)];
}

function lacksCertificate(domain: ConfigNode): Problem | undefined {
  const source = domain.get('trust_bundle');
  if (domain.isIncomplete || source?.isIncomplete || source?.has('filename') || source?.has('environment_variable')) return undefined;
  const text = inlineText(source) ?? '';
  return text.includes('-----BEGIN ') || text.includes('...')
    ? undefined
    : errorAt(source ?? domain, `Failed to load the trusted CA certificate for "${domain.string('name')}": there is none.`);
}

function repeatedDomains(domains: readonly ConfigNode[]): Problem[] {
  return repeatedItems(
    domains,
    (domain) => domain.string('name'),
    (name) => `Multiple trust bundles are given for the trust domain "${name}".`,
  );
}

function checkBundles(source: ConfigNode): Problem | undefined {
  const isNowhere = !source.isIncomplete && DATA_SOURCE_FIELDS.every((name) => !source.has(name));
  if (isNowhere) return errorAt(source, 'The trust bundles are missing: one of "filename", "inline_bytes", "inline_string" must be set.');
  const at = inlineNode(source);
  const text = inlineText(source);
  if (!at || !text || text.includes('...')) return undefined;
  const wrong = refusalOfBundles(text);
  return wrong === undefined ? undefined : errorAt(at, wrong);
}

function refusalOfBundles(text: string): string | undefined {
  const bundles = readJson(text);
  if (bundles === undefined) return 'The SPIFFE bundle is no JSON.';
  const domains = member(bundles, 'trust_domains');
  if (!isJsonObject(domains) || Object.keys(domains).length === 0) return 'There are no trust domains in the SPIFFE bundle.';
  return Object.entries(domains)
    .map(([name, domain]) => refusalOfKeys(member(domain, 'keys'), name))
    .find((reason) => reason !== undefined);
}

function refusalOfKeys(keys: unknown, domain: string): string | undefined {
  if (!Array.isArray(keys) || keys.length === 0) return `There are no keys in the SPIFFE bundle for the domain "${domain}".`;
  for (const key of keys as readonly unknown[]) {
    if (member(key, 'use') !== 'x509-svid') return `A key of the domain "${domain}" is not for "x509-svid" ("use").`;
    const certificates = member(key, 'x5c');
    if (!Array.isArray(certificates) || certificates.length === 0) return `A key of the domain "${domain}" has no certificates ("x5c").`;
    if (!certificates.every((each) => typeof each === 'string' && isSequence(decodeBase64(each))))
      return `A certificate of the domain "${domain}" is none ("x5c").`;
  }
  return undefined;
}

function member(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}
