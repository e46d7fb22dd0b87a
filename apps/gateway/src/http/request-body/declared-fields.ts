import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';

const known = new WeakMap<Type, ReadonlySet<string>>();

/** The fields of a DTO that have rules; no other is ever taken. */
export function declaredFields(type: Type): ReadonlySet<string> {
  const found = known.get(type);
  if (found !== undefined) return found;
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const fields = new Set(rules.map(({ propertyName }) => propertyName));
  known.set(type, fields);
  return fields;
}

/**
 * What a DTO declares of an input, and nothing else of it. What turns inputs into DTOs takes time by the square of their
 * fields: 10 s for 100,000 that nobody asked for.
 */
export function declaredPart(type: Type, input: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const part: Record<string, unknown> = {};
  for (const name of declaredFields(type)) if (Object.hasOwn(input, name)) part[name] = input[name];
  return part;
}
