import { carriedOver, findingAt, piecesOf, relevantFindings, withFix, type Finding } from './finding.ts';

const finding = (changes: Partial<Finding> = {}): Finding => ({
  rule: 'value_out_of_range',
  severity: 'error',
  start: 6,
  end: 9,
  fix: '100',
  ...changes,
});

describe('findings of a prompt', () => {
  it('puts a fix into its place', () => {
    expect(withFix('--c 2 200 --tile', finding())).toBe('--c 2 100 --tile');
    expect(withFix('as it is', finding({ fix: null }))).toBe('as it is');
  });

  it.each([
    ['behind it', 'a fox 200', 'a fox 200 --tile', [6, 9]],
    ['before it', 'a fox 200', 'a red fox 200', [10, 13]],
    ['far before it', 'a fox 200', 'fox 200', [4, 7]],
  ])('keeps its place when text is changed %s', (_, before, after, [start, end]) => {
    expect(carriedOver([finding()], before, after)).toEqual([finding({ start, end })]);
  });

  it('is gone when its own text is changed', () => {
    expect(carriedOver([finding()], 'a fox 200', 'a fox 20')).toEqual([]);
    expect(carriedOver([finding()], 'a fox 200', 'a fox 2000')).toEqual([]);
  });

  it('parts a prompt so that the pieces are the prompt', () => {
    const findings = [finding(), finding({ start: 8, end: 11 })];
    const pieces = piecesOf('a fox 200 --c', findings);
    expect(pieces.map(({ text }) => text).join('')).toBe('a fox 200 --c');
    expect(pieces.map((piece) => piece.findings)).toEqual([[], [0], [0, 1], [1], []]);
  });

  it('marks a character where the place is empty, and nothing for a prompt of several jobs', () => {
    expect(piecesOf('fox', [finding({ start: 3, end: 3 })])).toEqual([
      { text: 'fo', findings: [] },
      { text: 'x', findings: [0] },
    ]);
    expect(piecesOf('{a, b}', [finding({ rule: 'several_jobs', start: 0, end: 6 })])).toEqual([
      { text: '{a, b}', findings: [] },
    ]);
  });

  it('finds the one at the caret', () => {
    expect(findingAt([finding()], 7)).toBe(0);
    expect(findingAt([finding()], 5)).toBe(-1);
  });

  it('leaves out what a picture beside the prompt answers', () => {
    const findings = [finding({ rule: 'needs_image' }), finding()];
    expect(relevantFindings(findings, 0)).toHaveLength(2);
    expect(relevantFindings(findings, 1)).toEqual([finding()]);
  });
});
