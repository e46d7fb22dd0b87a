import fc from 'fast-check';
import { WordMatcher, wordsOf } from './word-matcher.js';

const cases: [list: string[], text: string, found: string | null][] = [
  [[], 'anything at all', null],
  [['blood'], 'a blood red fox', 'blood'],
  [['blood'], 'BLOOD', 'blood'],
  [['Blood'], 'cold "blood", he said', 'Blood'],
  [['blood'], 'bloodshed and lifeblood', null],
  [['blood'], 'blood-red, blood_red', 'blood'],
  [['blood bath'], 'a blood \n  bath', 'blood bath'],
  [['blood bath'], 'a blood, bath', null],
  [['blood bath'], 'a bloodbath', null],
  [['blood-bath'], 'a Blood-Bath --ar 1:1', 'blood-bath'],
  [['blood', 'blood bath'], 'a blood bath', 'blood bath'],
  [['blood bath', 'red'], 'blood red', 'red'],
  [['a b c', 'b'], 'a b d', 'b'],
  [['c++'], 'he writes c++.', 'c++'],
  [['c++'], 'he writes c', null],
  [['🍑'], 'a 🍑!', '🍑'],
  // Letters of other scripts, and other writings of the same letter.
  [['кровь'], 'Кровь на снегу', 'кровь'],
  [['кров'], 'кровь', null],
  [['straße'], 'STRASSE', 'straße'],
  [['ΟΔΟΣ'], 'οδός οδος', 'ΟΔΟΣ'],
  [['caf\u00e9'], 'a cafe\u0301', 'caf\u00e9'],
  [['cafe'], 'a caf\u00e9', null],
  [['blood'], 'ｂｌｏｏｄ', 'blood'],
  [['blood'], 'bl\u00ad\u200bood', 'blood'],
  [['xxx'], 'xxx1', null],
  // Scripts without spaces.
  [['裸体'], '一个裸体女人', '裸体'],
  [['裸体'], '裸 身体', null],
  [['血'], '流血的狐狸', '血'],
  [['เลือด'], 'มีเลือดมาก', 'เลือด'],
  [['18禁'], 'これは18禁です', '18禁'],
];

it.each(cases)('%j in %j: %j', (list, text, found) => {
  expect(new WordMatcher(list).find(text)).toBe(found);
});

it('finds the first place of a text, whatever the order of the list', () => {
  expect(new WordMatcher(['wild', 'red']).find('a red and wild fox')).toBe('red');
});

it('an entry that shows nothing bans nothing', () => {
  expect(wordsOf(' \u200b\u00ad ')).toEqual([]);
  expect(new WordMatcher(['', ' ', '\u200b']).find('a fox')).toBeNull();
});

it('finds entries between other words, and nothing in texts without entries', () => {
  const word = fc.stringMatching(/^[a-z]{1,6}$/);
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 20 }), fc.array(word), fc.array(word), (list, a, b) => {
      const others = (words: string[]): string[] => words.filter((text) => !list.includes(text));
      const matcher = new WordMatcher(list);
      expect(matcher.find([...others(a), ...others(b)].join(' '))).toBeNull();
      expect(matcher.find([...others(a), list[0], ...others(b)].join(' '))).toBe(list[0]);
    }),
  );
});

it('takes any list and any text', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 8 }), text, (list, prompt) => {
      const found = new WordMatcher(list).find(prompt);
      expect(found === null || list.includes(found)).toBe(true);
    }),
  );
});

it('takes many thousand words, and a long text that almost has them', () => {
  const list = Array.from({ length: 50_000 }, (_, n) => `word${n} of ${n}`);
  const matcher = new WordMatcher([...list, `${'a '.repeat(90)}b`]);
  const long = 'a '.repeat(4_096);
  expect(matcher.find(long)).toBeNull();
  expect(matcher.find(`${long}word49999 of 49999`)).toBe('word49999 of 49999');
});
