/** Filters of gRPC ask for the content type before anything else. */
import { unknownHeader } from '../facts/httpRequest';
import type { HopResult } from '../hop';
import { say } from '../record/sentence';
import { leaveOpen, type FilterCall } from './filterCall';

/** The end, where nobody knows whether the request is gRPC. */
export function hiddenContentType(call: FilterCall): HopResult | undefined {
  const missing = unknownHeader(call.http.request, 'content-type');
  return missing && leaveOpen(call, say`whether the request is gRPC: ${missing}`);
}
