import {
  Injectable,
  ValidationPipe,
  type ArgumentMetadata,
  type PipeTransform,
  type ValidationError,
} from '@nestjs/common';
import { declaredPart } from './declared-fields.js';
import { MjError } from '../errors/mj-error.js';
import { isStrictInput, StrictPipe } from './strict-input.js';
import { findUnstorable } from './unstorable-value.js';

/** The one field in which "" is a value: an empty `notifyHook` switches the key's default hook off. */
const MEANS_SOMETHING_EMPTY = 'notifyHook';

/**
 * Prepares every body for validation: refuses bodies that are no JSON object and strings that Postgres cannot store, and drops
 * nulls, empty strings and fields that the route does not declare.
 */
@Injectable()
export class BodyPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type !== 'body' || isStrictInput(metatype)) return value;
    if (value === undefined) return {};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badField('');
    const wrong = findUnstorable(value);
    if (wrong !== null) throw badField(wrong.field);
    const fields = metatype === undefined ? value : declaredPart(metatype, value as Record<string, unknown>);
    const given = Object.entries(fields).filter(
      ([name, field]) => field !== null && (field !== '' || name === MEANS_SOMETHING_EMPTY),
    );
    // Some clients leave places of a list empty: nulls are dropped.
    return Object.fromEntries(
      given.map(([name, field]: [string, unknown]) => [
        name,
        Array.isArray(field) ? field.filter((item) => item !== null) : field,
      ]),
    );
  }
}

/** Validates DTOs; the answer names the first wrong field. Strict DTOs are validated by StrictPipe. */
export function validationPipe(): PipeTransform {
  const strict = new StrictPipe();
  const usual = new ValidationPipe({
    transform: true,
    whitelist: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => badField(fieldOf(errors)),
  });
  return {
    transform: (value: unknown, metadata: ArgumentMetadata): unknown => {
      // Values that come from our own parameter decorators are trusted.
      if (metadata.type === 'custom' || metadata.metatype === Array) return value;
      if (isStrictInput(metadata.metatype)) return strict.transform(value, metadata);
      return usual.transform(metadata.type === 'query' ? declaredQuery(value, metadata) : value, metadata);
    },
  };
}

function declaredQuery(value: unknown, { metatype }: ArgumentMetadata): unknown {
  const isQuery = typeof value === 'object' && value !== null && metatype !== undefined;
  return isQuery ? declaredPart(metatype, value as Record<string, unknown>) : value;
}

function fieldOf([error]: ValidationError[]): string {
  if (error === undefined) return '';
  const inner = error.children ?? [];
  return inner.length > 0 ? `${error.property}.${fieldOf(inner)}` : error.property;
}

function badField(field: string): MjError {
  return new MjError('bind_request_body_failed', { properties: { field } });
}
