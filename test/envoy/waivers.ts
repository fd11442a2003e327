/** Disagreements that are chance or a defect of Envoy, each with the line or statistic of Envoy that proves it. More than five fail the suite. */
export interface Waiver {
  readonly area: string;
  /** Part of the disagreement's line. */
  readonly contains: string;
  readonly proof: string;
}

export const MAX_WAIVERS = 5;

export const waivers: readonly Waiver[] = [];
