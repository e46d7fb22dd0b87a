import { filtersSql } from './filters-sql.ts';
import { NO_FILTERS, type TaskFilters } from './task-filters.ts';

const NAMES = { key: 'bob', upstream: 'tokyo' };

function where(filters: Partial<TaskFilters>, names = NAMES): string {
  const { count } = filtersSql({ ...NO_FILTERS, ...filters }, names);
  return /where (.*);$/s.exec(count)?.[1]?.replaceAll(/\n\s*/g, ' ') ?? '';
}

describe('filtersSql', () => {
  it('leaves declined tasks out as the admin API does', () => {
    expect(where({})).toBe("status <> 'REFUSED'");
    expect(where({ status: ['FAILURE'] })).toBe("status = 'FAILURE'");
    expect(where({ refused: 'true' })).toBe("status = 'REFUSED'");
    expect(where({ refused: 'true', status: ['SUCCESS'] })).toBe('false');
    expect(where({ failureKind: ['banned'] })).toBe("fail_code = 'banned'");
    expect(where({ failureKind: ['banned'], status: ['FAILURE'] })).toBe(
      "status in ('FAILURE', 'REFUSED') and fail_code = 'banned'",
    );
  });

  it('names keys and upstreams as the schema does', () => {
    expect(where({ keyId: '7', upstreamId: '2', refused: 'false' })).toBe(
      "status <> 'REFUSED' and api_key = 'bob' and upstream = 'tokyo'",
    );
    expect(where({ keyId: '7' }, { key: null as unknown as string, upstream: '' })).toContain("api_key = '#7'");
  });

  it('quotes what the reader typed', () => {
    expect(where({ state: "o'neill'; drop table task" })).toContain("client_state = 'o''neill''; drop table task'");
    expect(where({ parentId: '1; select 2' })).not.toContain('parent');
  });

  it('counts a preset back from now, and takes a time of one’s own as it is', () => {
    expect(where({ time: '24h', from: '2026-01-01T00:00:00Z' })).toContain(
      "submitted_at >= now() - interval '24 hours'",
    );
    expect(where({ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' })).toContain(
      "submitted_at >= timestamptz '2026-01-01T00:00:00Z' and submitted_at < timestamptz '2026-01-02T00:00:00Z'",
    );
  });

  it('finds an id, and says that texts of prompts cannot be asked for', () => {
    expect(where({ q: '6236515266734202' })).toContain(
      "(task_id = 6236515266734202 or client_state = '6236515266734202')",
    );
    const { isExact, list } = filtersSql({ ...NO_FILTERS, q: 'red fox' }, NAMES);
    expect(isExact).toBe(false);
    expect(list).toMatch(/^-- Prompts/);
    expect(list).not.toContain('red fox');
  });
});
