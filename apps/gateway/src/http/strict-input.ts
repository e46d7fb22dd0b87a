import {
  ValidationPipe,
  type ArgumentMetadata,
  type PipeTransform,
  type Type,
  type ValidationError,
} from '@nestjs/common';
import { isStorable } from '#libs/wire';
import { Problem, wrongField, wrongFields, type FieldError } from './problem.js';

const strict = new WeakSet<object>();
const MAX_DEPTH = 16;

/**
 * Declares of a body or query that it is taken exactly: an unknown key is an error, null is a value, and what is wrong
 * is answered as a problem that names every wrong field. All of the admin API is strict.
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
    refuseUnstorable(input);
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

/** Walks without recursion: a body of 256 KiB can be 100,000 levels deep. */
function refuseUnstorable(body: object): void {
  const open: { value: unknown; field: string; depth: number }[] = [{ value: body, field: '', depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, field, depth } = next;
    if (typeof value === 'string') {
      if (!isStorable(value)) throw wrongField(field, 'must not hold NUL or half a surrogate pair');
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= MAX_DEPTH) throw wrongField(field, `must not be nested deeper than ${MAX_DEPTH} levels`);
      for (const [name, inner] of Object.entries(value)) {
        open.push({ value: inner, field: field || name, depth: depth + 1 });
      }
    }
  }
}
