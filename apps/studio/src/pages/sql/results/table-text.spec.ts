import type { SqlResult } from '../../../api/questions.ts';
import { toCsv, toMarkdown } from './table-text.ts';

function answer(rows: unknown[][]): SqlResult {
  const columns = [
    { name: 'what', type: 'text' },
    { name: 'n', type: 'numeric' },
  ];
  return { columns, rows, rowCount: rows.length, truncated: false, ms: 1, sql: '' };
}

describe('toCsv', () => {
  it('quotes what needs it, and leaves null empty', () => {
    expect(toCsv(answer([['a "b", c\nd', null]]))).toBe('what,n\r\n"a ""b"", c\nd",\r\n');
  });

  it('keeps formulas from spreadsheets, and numbers as they are', () => {
    const rows = [
      ['=HYPERLINK("x")', '-1.50'],
      ['@x', -2],
      ['-x', '1e-7'],
    ];
    expect(toCsv(answer(rows))).toBe('what,n\r\n"\'=HYPERLINK(""x"")",-1.50\r\n\'@x,-2\r\n\'-x,1e-7\r\n');
  });
});

describe('toMarkdown', () => {
  it('aligns numbers and escapes what would be markup', () => {
    expect(toMarkdown(answer([['a|<b>\n_c_', '4']]))).toBe(
      '| what | n |\n| --- | ---: |\n| a\\|\\<b\\><br>\\_c\\_ | 4 |\n',
    );
  });
});
