/** Reads a request file: one TraceRequest or an array of them (JSON). */
import type { TraceRequest } from '../protocol/trace';
import { UsageError } from './commandLine';

/** Throws UsageError that names the file and what is wrong in it. */
export function readRequests(path: string, text: string): TraceRequest | TraceRequest[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : 'not JSON'}`);
  }
  if (Array.isArray(value)) return value.map((each, index) => checkRequest(each, `${path}: request ${index + 1}`));
  return checkRequest(value, path);
}

function checkRequest(value: unknown, where: string): TraceRequest {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UsageError(`${where} is not an object`);
  const request = value as Partial<TraceRequest>;
  if (typeof request.connection !== 'object' || request.connection === null) throw new UsageError(`${where} has no connection`);
  if (request.http !== undefined) {
    const http: Partial<NonNullable<TraceRequest['http']>> = request.http;
    for (const field of ['method', 'authority', 'path'] as const)
      if (typeof http[field] !== 'string') throw new UsageError(`${where}: http.${field} must be a string`);
    request.http = { ...request.http, version: http.version ?? 'http1', scheme: http.scheme ?? 'http', headers: http.headers ?? [] };
  }
  return request as TraceRequest;
}
