/** Custom requests and notifications between the client and the language server: wire types only, a leaf beside trace.ts. */
import type { Location, Trace, TraceRequest } from './trace';

/** Method names of the custom requests. Each has a params and a result type below. */
export const Requests = {
  /** client → server: simulate a request. */
  trace: 'envoyLens/trace',
  /** client → server: the request that a place implies ("Trace from here"). */
  impliedRequest: 'envoyLens/impliedRequest',
  /** client → server: clusters, listeners or routes of the proxy at hand, for the "Jump to …" quick picks. */
  listResources: 'envoyLens/listResources',
  /** server → client: the text of a file of the workspace (so that virtual workspaces work). */
  readFile: 'envoyLens/readFile',
  /** server → client: uris of JSON and YAML files in the workspace, honouring files.exclude. */
  findFiles: 'envoyLens/findFiles',
  /** client → server: the proxies that the server knows, for the status bar and the trace view. */
  listProxies: 'envoyLens/listProxies',
  /** client → server: a trace as people paste it (text) or draw it (Mermaid). */
  renderTrace: 'envoyLens/renderTrace',
} as const;

export interface TraceParams {
  request: TraceRequest;
  /** The file that one looks at: its proxy is the start unless the request names one, or comes from a pod of another. */
  atHand?: string;
}
export type TraceResult = Trace;

export interface ImpliedRequestParams {
  uri: string;
  /** 0-based, UTF-16, as in LSP. */
  position: { line: number; character: number };
}
/** null: this place implies no request. */
export type ImpliedRequestResult = { request: TraceRequest; title: string } | null;

export interface ListResourcesParams {
  /** The document at hand. The editor may never have sent it (over 50 MB it sends nothing): the server then reads it by `readFile`. */
  uri: string;
  kind: 'cluster' | 'listener' | 'route';
}
export interface ResourceItem {
  name: string;
  /** Example: `EDS · 3 endpoints (2 healthy)`. */
  description: string;
  /** Who uses it. Example: `used by route default of virtual host reviews:9080 and 2 more`. */
  detail: string;
  location: Location;
}
export type ListResourcesResult = ResourceItem[];

export interface ReadFileParams {
  uri: string;
  /** Texts that do not look like a configuration are not sent: an error instead. */
  onlyConfigurations?: boolean;
}
export type ReadFileResult = { text: string } | { error: string };

export interface FindFilesParams {
  limit: number;
}
export type FindFilesResult = { uris: string[]; truncated: boolean };

export interface ListProxiesParams {
  /** Those of all files, also where the workspace is still being read. */
  all?: boolean;
}
export interface ProxyItem {
  id: string;
  label: string;
  documents: string[];
}
export type ListProxiesResult = ProxyItem[];

export interface RenderTraceParams {
  trace: Trace;
  format: 'text' | 'mermaid';
}
export interface RenderTraceResult {
  text: string;
}
