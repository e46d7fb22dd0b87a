/**
 * SQL that enqueues pictures to be kept, to stand in a `with` of the statement that sets SUCCESS: an asset for each row of
 * `from` that has none yet.
 * @param from a relation of that statement with `task_id bigint, kind text, n smallint, upstream_id bigint, source_url text`
 * @throws Error when `from` is not a plain name: it goes into the SQL as it is
 */
export function enqueuePictures(from: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(from)) throw new Error('the relation of wanted pictures must be a plain name');
  return `insert into asset (task_id, kind, n, upstream_id, source_url)
    select wanted.task_id, wanted.kind, wanted.n, wanted.upstream_id, wanted.source_url from ${from} wanted
    on conflict do nothing`;
}
