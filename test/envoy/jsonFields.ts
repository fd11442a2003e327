/** Reads fields of plain JSON whose shape the lab itself has made. */
import type { Json, JsonObject } from './labCase';

/** The objects of a list; [] where there is none. */
export function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}

/** A string; '' where there is none. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
