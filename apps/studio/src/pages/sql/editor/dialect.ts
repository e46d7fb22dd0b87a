import { PostgreSQL, SQLDialect } from '@codemirror/lang-sql';
import { KEYWORDS } from './keywords.ts';

/** Functions, which look like words of the language where they are called. */
const FUNCTIONS =
  'avg bool_and bool_or coalesce count date_bin date_trunc greatest least max min now nullif percentile_cont percentile_disc ' +
  'round string_agg sum to_char generate_series lag lead rank dense_rank row_number first_value last_value array_agg';

/** SQL as the workbench takes it. */
export const reportSql = SQLDialect.define({ ...PostgreSQL.spec, keywords: KEYWORDS, builtin: FUNCTIONS });
