import type { Question } from './question.js';

/** What can be asked. */
export const SCHEMA_QUESTIONS: readonly Question[] = [
  {
    name: 'columns',
    group: 'schema',
    title: { en: 'What does a column mean?', zh: '某一列是什么意思？' },
    description: { en: 'Columns whose name contains a text.', zh: '名称包含某段文字的列。' },
    sql: `select view_name, column_name, data_type, column_comment
from report.data_dictionary where column_name like '%' || :part || '%' order by view_name, position;`,
    parameters: [{ name: 'part', type: 'text', default: "'ratio'" }],
    chart: null,
  },
];
