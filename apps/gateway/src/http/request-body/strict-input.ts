import {
  ValidationPipe,
  type ArgumentMetadata,
  type PipeTransform,
  type Type,
  type ValidationError,
} from '@nestjs/common';
import { Problem, wrongField, wrongFields, type FieldError } from '../errors/problem.js';
import { findUnstorable } from './unstorable-value.js';

const strict = new WeakSet<object>();
/** Deepest nesting of a strict input; none needs more than 4. */
const MAX_DEPTH = 16;

/**
 * Declares a body or query strict: an unknown field is an error, null is a value, and the answer is a problem that names every
 * wrong field. All inputs of the admin API are strict.
 */
export function StrictInput(): ClassDecorator {
  return (target) => void strict.add(target);
}

/** A list (no /mj route takes one) is as strict as its items, which `StrictList` checks. */
export function isStrictInput(metatype: ArgumentMetadata['metatype']): boolean {
  return metatype !== undefined && (metatype === Array || strict.has(metatype));
}

/** Validation of strict bodies and queries. */
export class StrictPipe implements PipeTransform {
  private readonly validation = new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => wrongFields(errors.flatMap((error) => fieldErrors(error, ''))),
  });

  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const input = value ?? {};
    if (typeof input !== 'object' || Array.isArray(input)) {
      throw new Problem('body_is_malformed', 'The body must be a JSON object');
    }
    const wrong = findUnstorable(input, MAX_DEPTH);
    if (wrong !== null) throw wrongField(wrong.field, wrong.why);
    return this.validation.transform(input, metadata);
  }
}

/** Validation of a body that is a list of strict items. */
export class StrictList<Item extends object> implements PipeTransform {
  private readonly pipe = new StrictPipe();

  /** @param most how many items there may be */
  constructor(
    private readonly item: Type<Item>,
    private readonly most: number,
  ) {}

  async transform(value: unknown): Promise<Item[]> {
    if (!Array.isArray(value)) throw new Problem('body_is_malformed', 'The body must be a JSON array');
    if (value.length > this.most) throw wrongField('', `must not have more than ${this.most} items`);
    return Promise.all(value.map((item: unknown, at) => this.check(item, at)));
  }

  private async check(item: unknown, at: number): Promise<Item> {
    if (typeof item !== 'object' || item === null) throw wrongField(`[${at}]`, 'must be an object');
    try {
      return (await this.pipe.transform(item, { type: 'body', metatype: this.item })) as Item;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw wrongFields(
        (error.extras.errors ?? []).map(({ field, message }) => ({ field: `[${at}].${field}`, message })),
      );
    }
  }
}

function fieldErrors({ property, constraints, children }: ValidationError, before: string): FieldError[] {
  const isItem = before !== '' && /^\d+$/.test(property);
  const field = before === '' ? property : isItem ? `${before}[${property}]` : `${before}.${property}`;
  const own = Object.entries(constraints ?? {}).map(([rule, message]) => ({
    field,
    message: rule === 'whitelistValidation' ? 'is not known here' : message,
  }));
  return [...own, ...(children ?? []).flatMap((child) => fieldErrors(child, field))];
}
