/** Parameters that a request cannot do without, looked at before anything is done with them. */

/** A parameter's name says what it has to be. */
export type Parameter = keyof typeof CHECKS;

const CHECKS = {
  textDocument: hasUri,
  position: isPosition,
  positions: (value: unknown) => Array.isArray(value) && value.every(isPosition),
  range: isRange,
  context: isObject,
  item: (value: unknown) => hasUri(value) && isRange(value['range']),
  location: hasUri,
  query: isString,
  newName: isString,
  name: isString,
  uri: isString,
  kind: (value: unknown) => isString(value) || typeof value === 'number',
  request: (value: unknown) => isObject(value) && isObject(value['connection']),
  trace: (value: unknown) => isObject(value) && Array.isArray(value['paths']),
} as const;

/** The first of the parameters that is not there or not what it has to be; undefined when all are. */
export function findWrongParameter(params: unknown, parameters: readonly Parameter[]): Parameter | undefined {
  return parameters.find((parameter) => !isObject(params) || !CHECKS[parameter](params[parameter]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function hasUri(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && isString(value['uri']);
}

function isPosition(value: unknown): boolean {
  return isObject(value) && typeof value['line'] === 'number' && typeof value['character'] === 'number';
}

function isRange(value: unknown): boolean {
  return isObject(value) && isPosition(value['start']) && isPosition(value['end']);
}
