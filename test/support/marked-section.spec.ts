import { replaceSection } from './marked-section.js';

describe('a marked section', () => {
  it('replaces what stands between its markers, and only that', () => {
    const before = 'A\n<!-- chaos:begin -->\nold\n<!-- chaos:end -->\nB\n';
    const after = replaceSection(before, 'chaos', 'new');
    expect(after).toBe('A\n<!-- chaos:begin -->\n\nnew\n\n<!-- chaos:end -->\nB\n');
    expect(replaceSection(after, 'chaos', 'new')).toBe(after);
  });

  it('is missed by its name', () => {
    expect(() => replaceSection('<!-- chaos:begin --><!-- chaos:end -->', 'bench', 'new')).toThrow('bench:begin');
  });
});
