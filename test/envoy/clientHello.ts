/** What a TLS client asks for: only its ClientHello tells the SNI and all offered ALPN protocols. */
export interface ClientHello {
  readonly sni: string | undefined;
  readonly alpn: readonly string[];
}

/** Reads the first record of a TLS connection (RFC 8446 4.1.2); undefined when it is not whole, or none. */
export function readClientHello(bytes: Buffer): ClientHello | undefined {
  if (bytes.length < 43 || bytes[0] !== 22 || bytes[5] !== 1) return undefined;
  if (bytes.length < 5 + bytes.readUInt16BE(3)) return undefined;
  // Record header 5, handshake header 4, version 2, random 32.
  let at = 43;
  at += 1 + bytes.readUInt8(at);
  at += 2 + bytes.readUInt16BE(at);
  at += 1 + bytes.readUInt8(at);
  if (at + 2 > bytes.length) return { sni: undefined, alpn: [] };
  const end = Math.min(at + 2 + bytes.readUInt16BE(at), bytes.length);
  let hello: ClientHello = { sni: undefined, alpn: [] };
  for (at += 2; at + 4 <= end;) {
    const type = bytes.readUInt16BE(at);
    const body = bytes.subarray(at + 4, at + 4 + bytes.readUInt16BE(at + 2));
    if (type === 0 && body.length > 5) hello = { ...hello, sni: body.subarray(5, 5 + body.readUInt16BE(3)).toString('latin1') };
    if (type === 16) hello = { ...hello, alpn: readProtocols(body) };
    at += 4 + body.length;
  }
  return hello;
}

function readProtocols(body: Buffer): string[] {
  const found: string[] = [];
  for (let at = 2; at < body.length;) {
    const length = body.readUInt8(at);
    found.push(body.subarray(at + 1, at + 1 + length).toString('latin1'));
    at += 1 + length;
  }
  return found;
}
