import type { Report } from './report.js';

/** The type of a function's rows is listed under the function: its columns are what people read. */
export const DATA_DICTIONARY: Report = {
  name: 'data_dictionary',
  kind: 'view',
  sql: `
    create view report.data_dictionary as
    select coalesce(f.proname, c.relname)::text as view_name, a.attnum::integer as position,
      a.attname::text as column_name, format_type(a.atttypid, a.atttypmod) as data_type,
      coalesce(obj_description(f.oid, 'pg_proc'), obj_description(c.oid, 'pg_class')) as view_comment,
      col_description(c.oid, a.attnum) as column_comment
    from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_proc f on c.relkind = 'c' and f.prorettype = c.reltype and f.pronamespace = n.oid
    where n.nspname = 'report' and c.relkind in ('v', 'm', 'c')`,
  about: 'Every column of every view of this schema, and what it means.',
  columns: {
    view_name: 'View or function.',
    position: 'Place of the column, from 1.',
    column_name: 'Column.',
    data_type: 'Its type.',
    view_comment: 'What the view shows.',
    column_comment: 'What the column means.',
  },
};
