import { routePath } from './mode-prefix.js';

describe('mode prefix', () => {
  it.each([
    ['/mj-fast/mj/submit/imagine', '/mj/submit/imagine', 'FAST'],
    ['/mj-relax/mj/task/1/fetch?wait=5', '/mj/task/1/fetch?wait=5', 'RELAX'],
    ['/turbo/mj/submit/imagine', '/mj/submit/imagine', 'TURBO'],
    ['/mj/submit/imagine', '/mj/submit/imagine', null],
    ['/other/mj/submit/imagine', '/other/mj/submit/imagine', null],
    ['/mj-fast/mjx/submit', '/mj-fast/mjx/submit', null],
    ['/mj-fast/docs', '/mj-fast/docs', null],
  ])('%s', (url, path, mode) => {
    expect(routePath(url)).toEqual({ path, mode });
  });
});
