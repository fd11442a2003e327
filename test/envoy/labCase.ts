/** A case of the lab: a piece of configuration and the requests that are sent through it. */
import type { TraceRequest } from '../../server/src/protocol/trace';
import type { Json, JsonObject } from '../oracles/oracleBootstrap';

export type { Json, JsonObject };

/**
 * Written for no place in particular: `§` stands before names, ports are 20000…20007, intercepted addresses 10.96.0.x;
 * placeCase gives each case of a batch its own.
 */
export interface LabCase {
  /** Example: `route_match` */
  readonly area: string;
  readonly listeners: readonly JsonObject[];
  readonly clusters: readonly JsonObject[];
  /** Listeners and clusters that come by files, `lds.json` and `cds.json`. */
  readonly dynamic?: { readonly listeners?: readonly JsonObject[]; readonly clusters?: readonly JsonObject[] };
  /** Other files of filesystem xDS, by name (`§eds.json`): each one resource with its `@type`. */
  readonly files?: Readonly<Record<string, JsonObject>>;
  readonly secrets?: readonly JsonObject[];
  /** Values of a static runtime layer. */
  readonly runtime?: JsonObject;
  readonly requests: readonly LabRequest[];
}

export interface LabRequest {
  readonly request: TraceRequest;
  /** More than once where Envoy may choose at random. */
  readonly repeat: number;
}

/** A case with names and ports of its own: the configuration as the engine sees it. */
export interface PlacedCase {
  readonly slot: number;
  /** Index of the case in the seed's sequence. */
  readonly index: number;
  readonly area: string;
  /** Name of the generator in `areas`; one may make cases of several areas. */
  readonly generator: string;
  readonly bootstrap: JsonObject;
  /** Filesystem xDS, by name. */
  readonly files: Readonly<Record<string, JsonObject>>;
  readonly requests: readonly LabRequest[];
}
