import fc from 'fast-check';
import { jobsOf, MOST_JOBS } from './prompt-jobs.js';

describe('the jobs of a prompt', () => {
  it.each<[string, ...string[]]>([
    ['a {red, green, yellow} bird', 'a red bird', 'a green bird', 'a yellow bird'],
    ['a {red,green} {cat,dog}', 'a red cat', 'a red dog', 'a green cat', 'a green dog'],
    ['a {b {1, 2}, c} x', 'a b 1 x', 'a b 2 x', 'a c x'],
    ['{a,{b,{c,d}}}', 'a', 'b', 'c', 'd'],
    [
      'a fox --ar {3:2, 1:1} --v {7, 8.2}',
      'a fox --ar 3:2 --v 7',
      'a fox --ar 3:2 --v 8.2',
      'a fox --ar 1:1 --v 7',
      'a fox --ar 1:1 --v 8.2',
    ],
    ['a {red\\, pale, blue} fox', 'a red, pale fox', 'a blue fox'],
    ['a {x\\{y\\}, z}', 'a x\\{y\\}', 'a z'],
    ['a { , big} fox', 'a fox', 'a big fox'],
    ['a fox {--tile,}', 'a fox --tile', 'a fox'],
    ['雾{红,蓝}', '雾红', '雾蓝'],
    ['a fox --repeat 3', 'a fox', 'a fox', 'a fox'],
    ['a fox --r 2 --ar 3:2', 'a fox --ar 3:2', 'a fox --ar 3:2'],
    ['a fox —repeat 2', 'a fox', 'a fox'],
    ['a fox —R 2 --tile', 'a fox --tile', 'a fox --tile'],
    ['--repeat 2 a fox', 'a fox', 'a fox'],
    ['a {red, blue} fox --repeat 2', 'a red fox', 'a red fox', 'a blue fox', 'a blue fox'],
    ['a fox --repeat {2, 3}', 'a fox', 'a fox', 'a fox', 'a fox', 'a fox'],
    ['a {fox --repeat 2, cat}', 'a fox', 'a fox', 'a cat'],
    ['a fox --repeat 2 --repeat 3', 'a fox', 'a fox'],
  ])('%s', (prompt, ...prompts) => {
    expect(jobsOf(prompt)).toEqual({ count: prompts.length, prompts });
  });

  it.each([
    'a red fox --ar 3:2',
    'a {red} fox',
    'a {red\\, blue} fox',
    'a \\{red, blue\\} fox',
    'a {red, blue fox',
    'a red, blue} fox',
    '}a, b{',
    'a {} fox',
    'a fox --repeat',
    'a fox --repeat 1',
    'a fox --repeat 0',
    'a fox --repeat -3',
    'a fox --repeat 2.5',
    'a fox --repeat many',
    'a fox --repeat3',
    'a fox -- repeat 3',
    'a fox –repeat 3',
    'a fox--repeat 3',
    'a fox --repeats 3',
    'a fox repeat 3',
  ])('%s: one, as it is', (prompt) => {
    expect(jobsOf(prompt)).toEqual({ count: 1, prompts: [prompt] });
  });

  it.each<[string, number]>([
    ['{1,2,3,4,5,6,7} {1,2,3,4,5,6}', 42],
    ['a fox --repeat 41', 41],
    ['{a,b} fox --repeat 21', 42],
    [`${'{a,b}'.repeat(20)}`, 1_000_000],
    [`${'{a,b}'.repeat(1_600)}`, 1_000_000],
  ])('%.40s: too many', (prompt, count) => {
    expect(jobsOf(prompt)).toEqual({ count, prompts: [] });
  });

  it('takes no forty long prompts apart', () => {
    const options = `{${Array.from({ length: 20 }, (_, at) => at).join(',')}}`;
    const flags = '--hd '.repeat(1_600);
    expect(jobsOf(`${options} ${flags}--repeat 2`)).toEqual({ count: 20 * MOST_JOBS, prompts: [] });
    expect(jobsOf(`${options} ${flags}`).prompts).toHaveLength(20);
  });

  it('takes as many as there may be, and braces as deep as they go', () => {
    expect(jobsOf(`{${Array.from({ length: MOST_JOBS }, (_, at) => at).join(',')}}`).prompts).toHaveLength(MOST_JOBS);
    expect(jobsOf(`${'{'.repeat(4_000)}a,b${'}'.repeat(4_000)}`).prompts).toEqual(['a', 'b']);
  });

  it('gives as many prompts as it counts, whatever comes', () => {
    const piece = fc.constantFrom('a', ' ', '{', '}', ',', '\\', '--repeat 2', '--r ', '—', '3', '{x,y}');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const prompt = pieces.join('');
        const { count, prompts } = jobsOf(prompt);
        expect(prompts).toHaveLength(count > MOST_JOBS ? 0 : count);
        if (count === 1) expect(prompts).toEqual([prompt]);
      }),
      { numRuns: 3_000 },
    );
  });
});
