import { decisionIndex, readDecision } from './decision-index.js';

const record = (status: string): string =>
  `# 0002: One save\n\nDate: 2026-11-22 · Status: ${status}\n\n**Context.** …\n`;

describe('the index of decisions', () => {
  it('has number, title, date and whatever status is not "accepted"', () => {
    const decisions = ['accepted', 'superseded by [0047](0047-lean-saves.md)'].map((status) =>
      readDecision('0002-one-save.md', record(status)),
    );
    expect(decisionIndex(decisions).split('\n').slice(-3, -1)).toEqual([
      '- [0002](0002-one-save.md) One save (2026-11-22)',
      '- [0002](0002-one-save.md) One save (2026-11-22, superseded by [0047](0047-lean-saves.md))',
    ]);
  });

  it.each([
    ['no date', '# 0002: One save\n\n**Context.** …', /does not begin/],
    ['another number', record('accepted').replace('0002', '0003'), /calls itself 0003/],
  ])('takes no record with %s', (_, text, message) => {
    expect(() => readDecision('0002-one-save.md', text)).toThrow(message);
  });
});
