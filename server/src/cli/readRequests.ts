/** Reads a request file: one TraceRequest or an array of them (JSON). */
import type { TraceRequest } from '../protocol/trace';
import { readRequest } from '../protocol/readRequest';
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

/** Throws UsageError. */
function checkRequest(value: unknown, where: string): TraceRequest {
  const request = readRequest(value);
  if (typeof request === 'string') throw new UsageError(`${where}: ${request}`);
  return request;
}
