import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { documented, rule, type Given } from '../field-rules.js';

/** Versions of Midjourney as operators name them: 7, 8.2, niji 7. */
const VERSION = /^(?:niji )?\d{1,2}(?:\.\d{1,2})?$/;
const TYPED_VERSION = /^(niji[\s-]?)?(\d{1,2}(?:\.\d{1,2})?)$/i;
const MOST_VERSIONS = 50;

function versionOf(given: unknown): unknown {
  const [, niji, number] = typeof given === 'string' ? (TYPED_VERSION.exec(given.trim()) ?? []) : [];
  return number === undefined ? given : `${niji === undefined ? '' : 'niji '}${Number(number)}`;
}

function isVersion(given: unknown): boolean {
  return typeof given === 'string' && VERSION.test(given);
}

/** A version of Midjourney. */
export function Version(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: Given) => versionOf(value)),
    rule('isVersion', 'must be a version of Midjourney, such as 7, 8.2 or niji 7; or null', isVersion),
    documented({ pattern: VERSION.source }),
  );
}

/** Several versions of Midjourney, each once. */
export function Versions(): PropertyDecorator {
  const message = `must be a list of 1 to ${MOST_VERSIONS} versions of Midjourney, such as 7, 8.2 or niji 7; or null`;
  return applyDecorators(
    Transform(({ value }: Given) => (Array.isArray(value) ? [...new Set(value.map(versionOf))] : value)),
    rule('isVersions', message, (value) => {
      return Array.isArray(value) && value.length > 0 && value.length <= MOST_VERSIONS && value.every(isVersion);
    }),
    documented({ minItems: 1, maxItems: MOST_VERSIONS }),
  );
}
