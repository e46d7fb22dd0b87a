/** Words of a query that reads. The list of Postgres has 700, among them names of columns such as `position` and `mode`. */
export const KEYWORDS =
  'all and any as asc between both by case cast collate cross current_date current_timestamp cube desc distinct else end ' +
  'except exists extract fetch filter first following for from full group grouping having ilike in inner intersect into is ' +
  'isnull join last lateral left like limit materialized natural next not notnull null nulls of offset on only or order ' +
  'ordinality over partition preceding range recursive right rollup row rows select sets similar some symmetric table ' +
  'tablesample then to true false unbounded union using values when where window with within without zone at';
