import { IsInt, IsOptional, IsString } from 'class-validator';
import { declaredFields, declaredPart } from './declared-fields.js';

class Base {
  @IsOptional()
  @IsString()
  state?: string;
}

class Dto extends Base {
  @IsInt()
  index!: number;

  undeclared?: string;
}

describe('declaredPart', () => {
  it('has the fields with rules, inherited ones too, and looks at no other', () => {
    const looked: string[] = [];
    const input = new Proxy<Record<string, unknown>>(
      { ...Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`x${at}`, at])), index: 1, undeclared: 'x' },
      {
        get: (target, name) => {
          looked.push(String(name));
          return target[String(name)];
        },
      },
    );
    expect(declaredPart(Dto, input)).toEqual({ index: 1 });
    expect(looked).toEqual(['index']);
    expect([...declaredFields(Dto)].sort()).toEqual(['index', 'state']);
  });

  it('takes nothing that an input inherits', () => {
    expect(declaredPart(Dto, Object.create({ state: 'inherited' }) as Record<string, unknown>)).toEqual({});
  });
});
