import { useGateway } from '../../support/use-gateway.js';

interface Page {
  items: { id: string }[];
  nextCursor: string | null;
}

const idOf = (n: number): string => String(6_240_000_000_000_000 + n);
const PROMPTS = ['A red FOX --ar 3:2', '100% wool_coat', '100 wool coats', 'back\\slash', 'a grey fox'];

/** GET /mj/task/list by text, time and parent. */
describe('a search among one’s tasks', () => {
  const { gateway } = useGateway();

  beforeAll(async () => {
    // Number 1 is the newest; each is an hour older than the one before, and the last is a child of the first.
    await gateway.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, status, progress, base_url, submitted_at, finished_at, prompt)
       select id, (select min(api_key.id) from api_key), 'IMAGINE', 'FAST', 'MID_JOURNEY', 'SUCCESS', 100, '',
         '2026-03-01T12:00:00Z'::timestamptz - n * interval '1 h', now(), prompt
       from unnest($1::bigint[], $2::text[]) with ordinality as t (id, prompt, n)`,
      [PROMPTS.map((_, at) => idOf(at + 1)), PROMPTS],
    );
    await gateway.sql('update task set parent_id = $1 where id = $2', [idOf(1), idOf(5)]);
  });

  const found = async (query: Record<string, string>): Promise<number[]> => {
    const { json } = await gateway.get<Page>(
      `/mj/task/list?${new URLSearchParams({ limit: '50', ...query }).toString()}`,
    );
    return json.items.map(({ id }) => Number(id) - Number(idOf(0)));
  };

  it.each([
    [{ q: 'fox' }, [1, 5]],
    [{ q: '100% wool_' }, [2]],
    [{ q: '%' }, [2]],
    [{ q: '_' }, [2]],
    [{ q: 'K\\S' }, [4]],
    [{ q: idOf(3) }, [3]],
    [{ q: 'nothing of it' }, []],
    [{ parentId: idOf(1) }, [5]],
    [{ parentId: idOf(2) }, []],
    [{ from: '2026-03-01T10:00:00Z' }, [1, 2]],
    [{ to: '2026-03-01T09:00:00+01:00' }, [5]],
    [{ from: '2026-03-01T08:00:00Z', to: String(Date.UTC(2026, 2, 1, 10)) }, [3, 4]],
    [{ q: 'fox', from: '2026-03-01T08:00:00Z' }, [1]],
  ])('%j', async (query, wanted) => {
    expect(await found(query)).toEqual(wanted);
  });

  it('goes on page by page with the same filters, and shows an array without a page', async () => {
    const first = (await gateway.get<Page>('/mj/task/list?limit=1&q=fox')).json;
    expect(first.items.map(({ id }) => id)).toEqual([idOf(1)]);
    const next = (await gateway.get<Page>(`/mj/task/list?limit=1&q=fox&cursor=${first.nextCursor ?? ''}`)).json;
    expect(next).toMatchObject({ items: [{ id: idOf(5) }], nextCursor: null });
    expect((await gateway.get<{ id: string }[]>('/mj/task/list?q=grey')).json.map(({ id }) => id)).toEqual([idOf(5)]);
  });

  it.each([
    ['from', 'yesterday'],
    ['from', '2026-13-01'],
    ['from', '2026-02-30'],
    ['to', '2026-04-31T10:00:00Z'],
    ['to', '2026-03-01T10:00'],
    ['parentId', 'x'],
    ['q', 'x'.repeat(257)],
    ['q', '\u0000'],
  ])('%s %j is refused by its name', async (field, value) => {
    const { status, json } = await gateway.get(`/mj/task/list?${new URLSearchParams({ [field]: value }).toString()}`);
    expect([status, json['properties']]).toEqual([400, { field }]);
  });
});
