/** A command operator as it is written. */

/** How a command is used. */
export interface CommandUse {
  /** What stands in its parentheses; '' without any. */
  readonly parameters: string;
  readonly hasLength: boolean;
  /** There may be more commands than Envoy's own. */
  readonly isOpen: boolean;
}
