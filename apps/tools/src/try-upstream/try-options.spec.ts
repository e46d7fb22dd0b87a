import { readTryOptions } from './try-options.js';

const KIND = ['--kind', 'apimart', '--base-url', 'https://api.example.com'];

it('nothing is called unless that is asked for', () => {
  expect(readTryOptions(['second'])).toMatchObject({ wanted: { from: 'database', name: 'second' }, isSure: false });
  expect(readTryOptions(['second', '--yes', '--once'])).toMatchObject({ isSure: true, terms: { sendsTwice: false } });
});

it('an upstream can be given without a database', () => {
  expect(readTryOptions([...KIND, '--secret-file', './key']).wanted).toEqual({
    from: 'options',
    kind: 'apimart',
    baseUrl: 'https://api.example.com',
    secret: { file: './key' },
  });
});

it.each([
  [[], '--kind must be'],
  [['--kind', 'dalle'], '--kind must be'],
  [['--kind', 'legnext'], '--base-url must be given'],
  [['second', ...KIND], 'not both'],
  [['second', 'third'], 'one upstream'],
  [['second', '--listen', '0'], '--listen must be a port'],
  [['second', '--callback-url', 'ftp://a.example'], '--callback-url must be'],
])('%j is refused', (args, words) => {
  expect(() => readTryOptions(args)).toThrow(words);
});
