import type { ArgumentMetadata } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { BodyPipe } from './body.pipe.js';

class Dto {}

const BODY: ArgumentMetadata = { type: 'body', metatype: Dto };
const read = (body: unknown): unknown => new BodyPipe().transform(body, BODY);
const many = (count: number): string[] => Array<string>(count).fill('');

describe('BodyPipe', () => {
  it('takes null and "" for absent, but for a hook that is switched off', () => {
    expect(read({ prompt: '', state: null, notifyHook: '', ids: ['1', null] })).toEqual({ notifyHook: '', ids: ['1'] });
  });

  it.each<[string, unknown, string]>([
    ['a text that cannot be stored', { a: { b: ['x\u0000'] } }, 'a'],
    ['half a surrogate pair', { state: '\ud800' }, 'state'],
    ['what is nested too deep', { a: JSON.parse('['.repeat(20) + ']'.repeat(20)) as unknown }, 'a'],
    ['more items than a body of 256 KiB could hold', { base64Array: many(150_001) }, 'base64Array'],
    ['as many in several lists', { a: [many(80_000), many(80_000)] }, 'a'],
    ['as many fields', Object.fromEntries(many(150_001).map((_, at) => [`f${at}`, 1])), ''],
    ['no object', [], ''],
  ])('refuses %s', (_, body, field) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ extras: { properties: { field } } }));
  });

  it('takes as many items as a body of 256 KiB can hold', () => {
    expect(read({ ids: many(130_000) })).toHaveProperty('ids.length', 130_000);
  });
});
