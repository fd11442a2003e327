/** A filter, and what the route of `/a` says instead. */
import fc from 'fast-check';
import type { JsonObject } from '../../../labCase';
import { typed } from '../../parts';

export interface FieldFilter {
  readonly filter: JsonObject;
  readonly perRoute?: JsonObject;
}

/** The filter's message is that of routes, too, or `route` is; half of the cases have no own configuration on the route. */
export function fieldFilter(name: string, type: string, config: fc.Arbitrary<JsonObject>, route?: RouteConfig): fc.Arbitrary<FieldFilter> {
  const perRoute = route
    ? fc.option(
        route.config.map((fields) => typed(route.type, fields)),
        { nil: undefined },
      )
    : fc.constant(undefined);
  return fc.tuple(config, perRoute).map(([fields, own]) => ({
    filter: { name, typed_config: typed(type, fields) },
    ...(own ? { perRoute: own } : {}),
  }));
}

export interface RouteConfig {
  readonly type: string;
  readonly config: fc.Arbitrary<JsonObject>;
}

export const share = (numerator: number): JsonObject => ({ numerator, denominator: 'HUNDRED' });
export const runtimeShare = (numerator: number): JsonObject => ({ default_value: share(numerator) });
