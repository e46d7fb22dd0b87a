import type { ArgumentMetadata } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { IsOptional } from 'class-validator';
import { BodyPipe } from './body.pipe.js';

class Dto {
  @IsOptional()
  prompt?: unknown;

  @IsOptional()
  state?: unknown;

  @IsOptional()
  notifyHook?: unknown;

  @IsOptional()
  ids?: unknown;
}

const BODY: ArgumentMetadata = { type: 'body', metatype: Dto };
const read = (body: unknown): unknown => new BodyPipe().transform(body, BODY);

describe('BodyPipe', () => {
  it('takes null and "" for absent, but for a hook that is switched off', () => {
    expect(read({ prompt: '', state: null, notifyHook: '', ids: ['1', null] })).toEqual({ notifyHook: '', ids: ['1'] });
  });

  it('leaves out what the route does not know', () => {
    const names = Object.fromEntries(Array.from({ length: 512 }, (_, at) => [`name ${at}`, at]));
    expect(read({ ...names, state: 'x', constructor: 1 })).toEqual({ state: 'x' });
  });

  it.each<[string, unknown, string]>([
    ['a text that cannot be stored', { a: { b: ['x\u0000'] } }, 'a'],
    ['half a surrogate pair', { state: '\ud800' }, 'state'],
    ['no object', [], ''],
  ])('refuses %s', (_, body, field) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ extras: { properties: { field } } }));
  });
});
