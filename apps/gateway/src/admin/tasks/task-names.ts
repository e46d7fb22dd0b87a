import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Task } from '#libs/tracking';

const KEY_NAMES = 'select id::text, name from api_key where id = any($1::bigint[])';
const UPSTREAM_NAMES = 'select id::text, name from upstream where id = any($1::bigint[])';

type Owned = Pick<Task, 'apiKeyId' | 'upstreamId'>;

/** The names of the keys and upstreams of a few tasks. */
export class TaskNames {
  constructor(
    private readonly keys: ReadonlyMap<string, string>,
    private readonly upstreams: ReadonlyMap<string, string>,
  ) {}

  key(id: string): string {
    return this.keys.get(id) ?? '';
  }

  /** Null where there is no upstream. */
  upstream(id: string | null): string | null {
    return id === null ? null : (this.upstreams.get(id) ?? null);
  }
}

/** Reads the names of keys and upstreams, so that a table of tasks needs no second request. */
@Injectable()
export class TaskNameReads {
  constructor(private readonly source: DataSource) {}

  async of(tasks: readonly Owned[]): Promise<TaskNames> {
    const keyIds = tasks.map(({ apiKeyId }) => apiKeyId);
    const upstreamIds = tasks.flatMap(({ upstreamId }) => upstreamId ?? []);
    const [keys, upstreams] = await Promise.all([
      this.read(KEY_NAMES, keyIds),
      upstreamIds.length === 0 ? new Map<string, string>() : this.read(UPSTREAM_NAMES, upstreamIds),
    ]);
    return new TaskNames(keys, upstreams);
  }

  private async read(text: string, ids: readonly string[]): Promise<Map<string, string>> {
    const rows: { id: string; name: string }[] = await this.source.query(text, [[...new Set(ids)]]);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
