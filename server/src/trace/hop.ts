/** One pass through one listener of one proxy: what its stages share. */
import type { Capture, TraceRequest } from '../protocol/trace';
import type { ProxyScope } from '../index/proxyScope';
import type { ConfigNode } from '../schema/configNode';
import type { Choices } from './choices';
import type { ConnectionFacts } from './facts/connection';
import type { HttpStream, StreamAnswer } from './httpStream';
import type { Ending, HopRecord, Step } from './record/hopRecord';
import type { Sentence } from './record/sentence';
import type { Snapshot } from '../index/snapshot';

export interface Hop extends HopState {
  readonly snapshot: Snapshot;
  readonly proxy: ProxyScope;
  readonly request: TraceRequest;
  readonly choices: Choices<HopState>;
  readonly arrival: Arrival;
  /** Taken for granted at the beginning ("Trace from here"); only in the first hop. */
  readonly assumed: Assumption | undefined;
  /** The first pass of the path: a request names its listener for this one only. */
  readonly isFirst?: boolean;
}

/** What its stages change. */
export interface HopState {
  readonly connection: ConnectionFacts;
  readonly record: HopRecord;
  /** What listener filters of unknown kind may have changed; it matters where several filter chains compete, and where the original destination is asked for. */
  doubts?: Sentence[];
  /** Listener (`envoy.config.listener.v3.Listener`) whose chains serve the connection; set by the listener stages. */
  listener?: ConfigNode;
  /** Set by the filter chain stage. */
  filterChain?: ConfigNode;
  /** Set by the HTTP connection manager. */
  http?: HttpStream;
  /** What filters do to the answer: the last filter first, after the route has changed it. */
  onResponse?: AnswerChange[];
  /** The host that the request's session names; `failure` is the status where a strict session's host is not there. */
  sessionHost?: { readonly address: string; readonly isStrict: boolean; readonly failure?: number; readonly at: ConfigNode };
}

/** By the stream that the answer passes through: paths that part behind the filters have one each. */
export type AnswerChange = (answer: StreamAnswer, stream: { readonly hop: Hop; readonly http: HttpStream }) => void;

/** How a connection reaches a proxy. */
export type Arrival =
  | { readonly kind: 'socket'; readonly proxy: ProxyScope; readonly capture: Capture; readonly connection: ConnectionFacts }
  /** `origin`: the way of interception of the connection that led here, through however many internal listeners. */
  | {
      readonly kind: 'internal';
      readonly proxy: ProxyScope;
      readonly listenerName: string;
      readonly connection: ConnectionFacts;
      readonly origin?: Capture;
    }
  /** At a Rust ztunnel. `hbone`: to port 15008. */
  | {
      readonly kind: 'ztunnel';
      readonly proxy: ProxyScope;
      readonly direction: 'outbound' | 'inbound' | 'hbone';
      readonly connection: ConnectionFacts;
    };

/** The connection goes on: into an internal listener, or to the next open dump. */
export interface Onward {
  readonly kind: 'onward';
  readonly arrival: Arrival;
}

export type HopResult = Ending | Onward;

/** A stage decides, writes down why, and either ends the hop or lets the next stage go on. */
export type StageFunction = (hop: Hop) => HopResult | undefined;

/** What "Trace from here" takes for granted: nodes of the first hop's proxy. */
export interface Assumption {
  readonly listener?: ConfigNode;
  readonly filterChain?: ConfigNode;
  /** Where no listener uses it: what stands before it is taken for granted. */
  readonly routeConfiguration?: ConfigNode;
  readonly virtualHost?: ConfigNode;
  readonly route?: ConfigNode;
  /** Name of the cluster, where the trace begins at a cluster. */
  readonly cluster?: string;
}

/** Has somebody take part when the answer passes, after those that joined later. */
export function onAnswer(hop: Hop, change: AnswerChange): void {
  (hop.onResponse ??= []).push(change);
}

export function addStep(hop: Hop, step: Step): void {
  hop.record.steps.push(hop.http?.answer?.isComplete === true ? { ...step, onAnswer: true } : step);
}
