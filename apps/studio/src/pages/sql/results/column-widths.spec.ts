import { columnWidths, rowsInSight } from './column-widths.ts';

describe('columnWidths', () => {
  it('follows the longest cell or the name, within bounds', () => {
    const columns = ['a', 'long_name_of_it', 'text', 'zh'].map((name) => ({ name, type: 'text' }));
    const rows = [[null, 'x', 'y'.repeat(500), '任务任务']];
    const result = { columns, rows, rowCount: 1, truncated: false, ms: 1, sql: '' };
    expect(columnWidths(result)).toEqual([5, 16, 46, 8]);
  });
});

describe('rowsInSight', () => {
  it('is a window with a margin, within the list', () => {
    expect(rowsInSight({ top: 0, height: 320 }, 1_000, 32)).toEqual({ first: 0, last: 22 });
    expect(rowsInSight({ top: 3_200, height: 320 }, 1_000, 32)).toEqual({ first: 88, last: 122 });
    expect(rowsInSight({ top: 99_999, height: 320 }, 10, 32)).toEqual({ first: 10, last: 10 });
  });
});
