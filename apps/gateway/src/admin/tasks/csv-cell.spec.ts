import { csvRecord } from './csv-cell.js';

describe('a record of a CSV file', () => {
  it('quotes what would end a cell, and doubles quotes', () => {
    expect(csvRecord(['a,b', 'say "hi"', 'two\nlines', 'plain', ''])).toBe(
      '"a,b","say ""hi""","two\nlines",plain,\r\n',
    );
  });

  it('lets no text begin a formula', () => {
    const texts = ['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=HYPERLINK("http://x","y")'];
    expect(csvRecord(texts)).toBe(`'=1+1,'+1,'-1,'@SUM(A1),'\tx,"'\rx","'=HYPERLINK(""http://x"",""y"")"\r\n`);
    expect(csvRecord(['a=1', ' =1'])).toBe('a=1, =1\r\n');
  });

  it('writes numbers, times and nothing as they are', () => {
    expect(csvRecord([-1.5, new Date('2026-11-22T09:00:00Z'), null, true])).toBe(
      '-1.5,2026-11-22T09:00:00.000Z,,true\r\n',
    );
  });
});
