/** Refusals that depend on how Envoy was built or on the machine it runs on, each with the reason. Counted apart. */
export const notApplicable: ReadonlyMap<string, string> = new Map([]);
