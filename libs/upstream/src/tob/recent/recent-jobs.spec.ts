import { aSnapshot } from '../../../test/a-snapshot.js';
import type { HttpAnswer } from '../../http/http-answer.js';
import { UpstreamCallError } from '../../port/outcome.js';
import { LEGNEXT_PROFILE, YOUCHUAN_PROFILE } from '../profile.js';
import { listedJobs, listPath, readList } from './job-lists.js';
import { readListed, type ListedJob } from './recent-jobs.js';

const NOW = Date.UTC(2026, 9, 1, 8);
const jobs = (count: number): ListedJob[] => Array.from({ length: count }, (_, n) => ({ jobId: `j${n}`, at: NOW + n }));
const SINCE = { since: new Date(NOW) };

describe('jobs of a list', () => {
  it('are read newest first, at most 64, at most eight at a time', async () => {
    let running = 0;
    let most = 0;
    const read: string[] = [];
    const { snapshots, reachesBackTo } = await readListed(
      jobs(100),
      SINCE,
      async ({ jobId }) => {
        read.push(jobId);
        most = Math.max(most, (running += 1));
        await Promise.resolve();
        running -= 1;
        return aSnapshot({ upstreamTaskId: jobId });
      },
      () => false,
    );
    expect([snapshots.length, read[0], read.at(-1), most]).toEqual([64, 'j99', 'j36', 8]);
    expect(reachesBackTo).toBe(Infinity);
  });

  it('are read no further than is enough, or than there is time', async () => {
    const read = ({ jobId }: ListedJob): ReturnType<Parameters<typeof readListed>[2]> =>
      Promise.resolve(aSnapshot({ upstreamTaskId: jobId }));
    const isEnough = (snapshots: readonly object[]): boolean => snapshots.length >= 10;
    expect((await readListed(jobs(100), { ...SINCE, isEnough }, read, () => false)).snapshots).toHaveLength(16);
    expect((await readListed(jobs(100), SINCE, read, () => true)).snapshots).toEqual([]);
  });

  it('that are too old, gone or unreadable are left out; those without a time are not', async () => {
    const listed = [
      { jobId: 'old', at: NOW - 120_000 },
      { jobId: 'good', at: NOW },
      { jobId: 'timeless', at: null },
      { jobId: 'gone', at: NOW },
      { jobId: 'broken', at: NOW },
    ];
    const { snapshots } = await readListed(
      listed,
      SINCE,
      ({ jobId }) => {
        if (jobId === 'broken') return Promise.reject(new UpstreamCallError('reset'));
        return Promise.resolve(jobId === 'gone' ? null : aSnapshot({ upstreamTaskId: jobId }));
      },
      () => false,
    );
    expect(snapshots.map(({ upstreamTaskId }) => upstreamTaskId)).toEqual(['timeless', 'good']);
  });
});

describe('a list that is read', () => {
  const answer = (status: number, body: unknown): HttpAnswer => ({ status, body: Buffer.from(JSON.stringify(body)) });
  const page = (from: number, count: number): HttpAnswer =>
    answer(200, { list: Array.from({ length: count }, (_, n) => ({ jobId: `j${from + n}` })) });

  it('goes on while its pages are full, and ends at one that fails', async () => {
    const asked: string[] = [];
    const pages = [page(0, 200), page(200, 200), answer(500, {})];
    const listed = await readList(YOUCHUAN_PROFILE, new Date(NOW), (path) => {
      asked.push(/pageNo=(\d)/.exec(path)?.[1] ?? '');
      return Promise.resolve(pages[asked.length - 1] ?? page(0, 0));
    });
    expect([listed?.length, asked]).toEqual([400, ['1', '2', '3']]);
  });

  it('is read whole where the vendor does not take the time', async () => {
    const asked: string[] = [];
    const listed = await readList(YOUCHUAN_PROFILE, new Date(NOW), (path) => {
      asked.push(path);
      return Promise.resolve(path.includes('since') ? answer(400, { reason: 'Invalid_Argument' }) : page(0, 2));
    });
    expect([listed?.length, asked.at(-1)]).toEqual([2, '/costs?pageNo=1&pageSize=200']);
  });

  it('is none where there is no such route, and fails with its first page', async () => {
    const ask = (status: number) => (): Promise<HttpAnswer> => Promise.resolve(answer(status, {}));
    await expect(readList(LEGNEXT_PROFILE, null, ask(404))).resolves.toBeNull();
    await expect(readList(LEGNEXT_PROFILE, null, ask(401))).rejects.toMatchObject({ fault: 'unauthorized' });
    await expect(readList(LEGNEXT_PROFILE, null, ask(200))).rejects.toMatchObject({ fault: 'unexpected' });
  });
});

describe('a list', () => {
  it.each<[Record<string, unknown>, ListedJob[] | null]>([
    [{ tasks: [{ job_id: 'a', created_at: '2026-10-01T08:00:00Z' }] }, [{ jobId: 'a', at: NOW }]],
    [{ list: [{ jobId: 'a', costAt: '2026-10-01T08:00:00Z' }, { fastCost: 1 }, null] }, [{ jobId: 'a', at: NOW }]],
    [{ code: 200, data: { tasks: [{ job_id: 'a', created_at: '' }] } }, [{ jobId: 'a', at: null }]],
    [{ data: [{ jobId: 'a' }] }, [{ jobId: 'a', at: null }]],
    [{ tasks: [] }, []],
    [{ total_active: 0 }, null],
  ])('%j', (body, expected) => {
    expect(listedJobs(body)).toEqual(expected);
  });

  it('is asked for since a minute before', () => {
    expect(listPath(LEGNEXT_PROFILE, new Date(NOW))).toBe('/account/active_tasks');
    expect(listPath(YOUCHUAN_PROFILE, new Date(NOW))).toBe(
      '/costs?pageNo=1&pageSize=200&since=2026-10-01T07%3A59%3A00.000Z',
    );
    expect(listPath(YOUCHUAN_PROFILE, null)).toBe('/costs?pageNo=1&pageSize=200');
  });
});
