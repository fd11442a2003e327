/** Calls on which Istio's simulation is known to be wrong about Envoy 1.40, each with the proof. Counted apart. */
export const istioExceptions: ReadonlyMap<string, string> = new Map([]);
