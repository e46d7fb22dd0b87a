import { indexesOf, scansWholeTable, type Plan } from './plans.js';

const PLAN: Plan = {
  'Node Type': 'Update',
  'Relation Name': 'task',
  Plans: [
    { 'Node Type': 'Index Scan', 'Index Name': 'task_due', 'Relation Name': 'task' },
    {
      'Node Type': 'Hash Join',
      Plans: [
        { 'Node Type': 'Seq Scan', 'Relation Name': 'price' },
        { 'Node Type': 'Bitmap Index Scan', 'Index Name': 'task_due' },
        { 'Node Type': 'Index Only Scan', 'Index Name': 'task_pkey' },
      ],
    },
  ],
};

describe('a plan', () => {
  it('uses indexes, however deep', () => expect(indexesOf(PLAN)).toEqual(['task_due', 'task_pkey']));

  it('reads a whole table only where it says so', () => {
    expect(scansWholeTable(PLAN, 'task')).toBe(false);
    expect(scansWholeTable(PLAN, 'price')).toBe(true);
    expect(scansWholeTable({ 'Node Type': 'Parallel Seq Scan', 'Relation Name': 'task' }, 'task')).toBe(true);
  });
});
