/** A throwaway CA and the leaves that Envoy, clients and upstreams show. */
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from './labCase';
import { makeFolder } from './labFolders';

export interface Leaf {
  readonly certificatePath: string;
  readonly keyPath: string;
  readonly certificate: string;
  readonly key: string;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '3650'];

/** The path of the CA's certificate. */
export function caPath(): string {
  const path = join(folder(), 'ca.crt');
  if (!existsSync(path)) openssl(['req', '-x509', ...KEY, '-subj', '/CN=lab-ca', '-keyout', join(folder(), 'ca.key'), '-out', path]);
  return path;
}

/** A leaf signed by the CA. `name` is a DNS name, or a URI (`spiffe://…`) for a client. */
export function leafOf(name: string): Leaf {
  const base = join(folder(), name.replaceAll(/[^A-Za-z0-9.-]+/gu, '_'));
  const certificatePath = `${base}.crt`;
  const keyPath = `${base}.key`;
  if (!existsSync(certificatePath)) makeLeaf(base, `subjectAltName=${name.includes('://') ? 'URI' : 'DNS'}:${name}`);
  return { certificatePath, keyPath, certificate: readFileSync(certificatePath, 'utf8'), key: readFileSync(keyPath, 'utf8') };
}

/** What `verify_certificate_hash` and `verify_certificate_spki` compare of a leaf. */
export function fingerprintsOf(name: string): { readonly hash: string; readonly spki: string } {
  const certificate = new X509Certificate(leafOf(name).certificate);
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return {
    hash: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    spki: createHash('sha256').update(key).digest('base64'),
  };
}

/** Principals that clients and meshes of the lab have. */
export const PRINCIPALS = ['spiffe://lab/ns/a/sa/one', 'spiffe://lab/ns/b/sa/two'];

/** A leaf as an item of `tls_certificates`. */
export function certificateOf(name: string): JsonObject {
  const { certificatePath, keyPath } = leafOf(name);
  return { certificate_chain: { filename: certificatePath }, private_key: { filename: keyPath } };
}

function makeLeaf(base: string, extension: string): void {
  const authority = ['-CA', caPath(), '-CAkey', join(folder(), 'ca.key'), '-CAcreateserial', '-days', '3650'];
  writeFileSync(`${base}.ext`, extension);
  openssl(['req', ...KEY, '-subj', '/CN=lab', '-keyout', `${base}.key`, '-out', `${base}.csr`]);
  openssl(['x509', '-req', '-in', `${base}.csr`, ...authority, '-extfile', `${base}.ext`, '-out', `${base}.new`]);
  renameSync(`${base}.new`, `${base}.crt`);
}

function folder(): string {
  return makeFolder('certificates');
}

function openssl(parameters: string[]): void {
  execFileSync('openssl', parameters, { stdio: 'pipe' });
}
