import { routePath } from './mode-prefix.js';

describe('routePath', () => {
  it.each([
    ['/mj/submit/imagine', '/mj/submit/imagine', null],
    ['/mj-fast/mj/submit/imagine', '/mj/submit/imagine', 'FAST'],
    ['/relax/mj/task/1/fetch?wait=5', '/mj/task/1/fetch?wait=5', 'RELAX'],
    ['/mj-turbo/mj', '/mj', 'TURBO'],
    ['//mj/submit/imagine', '/mj/submit/imagine', null],
    ['///mj/submit/imagine/', '/mj/submit/imagine', null],
    ['/mj/submit/imagine/', '/mj/submit/imagine', null],
    ['/mj/task/list/?limit=1', '/mj/task/list?limit=1', null],
    ['/mj/task/list/?a=/', '/mj/task/list?a=/', null],
    ['/fast//mj/submit/imagine', '/mj/submit/imagine', 'FAST'],
    ['//mj-relax///mj/submit/imagine/', '/mj/submit/imagine', 'RELAX'],
    // One slash, and only before mj: what stands between is a part without a name.
    ['/mj/submit/imagine//', '/mj/submit/imagine/', null],
    ['/mj//submit/imagine', '/mj//submit/imagine', null],
    ['/mj/task//fetch', '/mj/task//fetch', null],
    ['/mj/task//fetch/', '/mj/task//fetch', null],
    ['/mj-slow/mj/x', '/mj-slow/mj/x', null],
    ['/fast/other/', '/fast/other/', null],
    ['/fast/mjx/', '/fast/mjx/', null],
    ['//docs/', '//docs/', null],
    ['//admin/keys/', '//admin/keys/', null],
    ['/x//mj/task/list', '/x//mj/task/list', null],
    ['//elsewhere.test/mj/task/list', '//elsewhere.test/mj/task/list', null],
    ['/%2Fmj/task/list', '/%2Fmj/task/list', null],
    ['/', '/', null],
    ['', '', null],
  ])('%s', (url, path, mode) => {
    expect(routePath(url)).toEqual({ path, mode });
  });

  it('takes a moment for 16 KiB of slashes', () => {
    const url = '/'.repeat(16_000);
    expect(routePath(url)).toEqual({ path: url, mode: null });
    expect(routePath(`${url}mj${url}`).path).toHaveLength(16_002);
  });
});
