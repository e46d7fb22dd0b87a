import type { Question } from '../../../api/questions.ts';
import { parameterNames, parametersOf } from './parameter-names.ts';

describe('parameterNames', () => {
  it('finds each once, in the order of the text', () => {
    expect(parameterNames('select :b, :a where x > :b')).toEqual(['b', 'a']);
  });

  it.each([
    ["select 'at :no', e'\\':no', \"a:no\""],
    ['select now()::date -- :no'],
    ['select /* :no */ a[1:no], $$ :no $$, $x$ :no $$ :no $x$'],
    ['f(a := 1)'],
  ])('leaves alone what is none: %s', (sql) => {
    expect(parameterNames(sql)).toEqual([]);
  });
});

describe('parametersOf', () => {
  it('knows the names of the catalogue, and takes others for texts that need a value', () => {
    const question = { parameters: [{ name: 'from', type: 'time', default: 'now()' }] } as unknown as Question;
    expect(parametersOf(':from :mine', [question])).toEqual([
      { name: 'from', type: 'time', default: 'now()' },
      { name: 'mine', type: 'text', default: null },
    ]);
  });
});
