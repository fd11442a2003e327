/** What the SPIFFE validator trusts: certificates by domain, or a map of bundles as JSON (source/extensions/transport_sockets/tls/cert_validator/spiffe/spiffe_validator.cc). */
import { inlineText } from '../../../../model/certificate';
import type { ConfigNode } from '../../../../schema/configNode';
import { decodeBase64 } from '../../../../text/encoding';
import { errorAt } from '../../problem';
import type { Problem } from '../../rule';
import { isSequence } from '../security/pem';

/** A map of bundles takes the place of the domains. */
export function checkTrust(config: ConfigNode): (Problem | undefined)[] {
  const bundles = config.get('trust_bundles');
  return bundles ? [checkBundles(bundles)] : [...config.list('trust_domains').map(lacksCertificate), ...repeatedDomains(config)];
}

function lacksCertificate(domain: ConfigNode): Problem | undefined {
  const source = domain.get('trust_bundle');
  if (domain.isIncomplete || source?.isIncomplete || source?.has('filename') || source?.has('environment_variable')) return undefined;
  const text = (source && inlineText(source)) ?? '';
  return text.includes('-----BEGIN ') || text.includes('...')
    ? undefined
    : errorAt(source ?? domain, `Failed to load the trusted CA certificate for "${domain.string('name')}": there is none.`);
}

function repeatedDomains(config: ConfigNode): Problem[] {
  const seen = new Set<string>();
  return config.list('trust_domains').flatMap((domain): Problem[] => {
    const name = domain.string('name');
    const isRepeated = seen.has(name);
    seen.add(name);
    return isRepeated ? [errorAt(domain, `Multiple trust bundles are given for the trust domain "${name}".`)] : [];
  });
}

function checkBundles(source: ConfigNode): Problem | undefined {
  const at = source.get('inline_string') ?? source.get('inline_bytes');
  const text = inlineText(source);
  if (!at || text === undefined || text.includes('...')) return undefined;
  const wrong = refusalOfBundles(text);
  return wrong === undefined ? undefined : errorAt(at, wrong);
}

function refusalOfBundles(text: string): string | undefined {
  const domains = member(readJson(text), 'trust_domains');
  if (readJson(text) === undefined) return 'The SPIFFE bundle is no JSON.';
  if (!isObject(domains) || Object.keys(domains).length === 0) return 'There are no trust domains in the SPIFFE bundle.';
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

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const member = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);
