/** Which pool a statement runs on: `http` serves requests, `work` the background, so neither starves the other. */
export type PoolName = 'http' | 'work';

/** One SQL statement with one purpose; prepared once per connection under its name. */
export interface Statement {
  readonly name: string;
  readonly pool: PoolName;
  readonly text: string;
}
