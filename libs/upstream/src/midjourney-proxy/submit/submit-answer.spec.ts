import fc from 'fast-check';
import type { Outcome } from '../../port/outcome.js';
import { readSubmitAnswer } from './submit-answer.js';

const ID = '1751363012345678';

function readText(text: string | Buffer, status = 200, fullTexts: readonly string[] = []): Outcome {
  return readSubmitAnswer({ status, body: Buffer.from(text as string) }, { fullTexts });
}

function read(body: unknown, status = 200, fullTexts: readonly string[] = []): Outcome {
  return readText(JSON.stringify(body), status, fullTexts);
}

describe('an accepted submit', () => {
  it.each([
    ['a string', ID, [ID]],
    ['a number', 1_751_363_012_345_678, [ID]],
    ['a string with blanks', ` ${ID}\n`, [ID]],
    ['an array', [ID, '1751363012345679'], [ID, '1751363012345679']],
    ['an array of numbers and empty places', [null, '', 17, '18'], ['17', '18']],
    ['a comma list', '11, 12,13,,14', ['11', '12', '13', '14']],
    ['an object', { taskId: ID }, [ID]],
    ['an object that is the task', { id: 17, status: 'NOT_START' }, ['17']],
    ['an array of objects', [{ id: '17' }, { id: '18' }], ['17', '18']],
  ])('names its tasks by %s', (_what, result, upstreamTaskIds) => {
    expect(read({ code: 1, description: '提交成功', result, properties: {} })).toEqual({
      kind: 'accepted',
      upstreamTaskIds,
    });
  });

  it.each([
    ['null', null],
    ['nothing', undefined],
    ['""', ''],
    ['commas', ', ,'],
    ['[]', []],
    ['0', 0],
    ['a negative number', -7],
    ['a fraction', 1.5],
    ['a number beyond what JSON carries exactly', 2 ** 60],
    ['an object without an id', { at: ID }],
    ['true', true],
    ['an endless text', 'x'.repeat(129)],
  ])('is unknown when its result is %s', (_what, result) => {
    expect(read({ code: 1, result })).toEqual({ kind: 'unknown', fault: 'unexpected' });
  });

  it.each([
    ['no code', { result: ID }],
    ['another kind of success', { code: 0, result: ID }],
    ['the code of HTTP', { code: 200, message: 'ok', data: ID }],
    ['a word', { code: 'success', data: { task_id: ID } }],
    ['success:true', { success: true, data: { id: ID } }],
    ['an error that is null', { code: 0, error: null, data: [{ taskId: ID }] }],
    ['an id in data with code 1', { code: 1, result: null, data: ID }],
  ])('may be one of another list of codes: %s', (_what, body) => {
    expect(read(body)).toEqual({ kind: 'accepted', upstreamTaskIds: [ID] });
  });

  it.each([1, '1', ' 1 ', 1.0])('may write its code as %p', (code) => {
    expect(read({ code, result: ID })).toMatchObject({ kind: 'accepted' });
  });

  it('keeps the characters of an id that Postgres can store', () => {
    expect(readText(String.raw`{"code":1,"result":"a\u0000b\ud800"}`)).toEqual({
      kind: 'accepted',
      upstreamTaskIds: ['ab\uFFFD'],
    });
  });

  it('is not fooled by codes inside its texts', () => {
    const answer = read({ description: '"code":21,"code":24', code: 1, result: ID, properties: { code: 23 } });
    expect(answer).toMatchObject({ kind: 'accepted' });
  });
});

describe('a queued submit', () => {
  it.each([
    [{ numberOfQueues: 3 }, 3],
    [{ numberOfQueues: '12' }, 12],
    [{ numberOfQueues: -1 }, 0],
    [{ numberOfQueues: 2.5 }, 0],
    [{}, 0],
    [null, 0],
  ])('with properties %j has %i ahead', (properties, ahead) => {
    expect(read({ code: 22, description: '排队中，前面还有3个任务', result: ID, properties })).toEqual({
      kind: 'queued',
      upstreamTaskIds: [ID],
      ahead,
    });
  });

  it('without an id is unknown', () => {
    expect(read({ code: 22, result: null })).toEqual({ kind: 'unknown', fault: 'unexpected' });
  });
});

describe('code 21', () => {
  it.each([
    ['remix', { properties: { remix: true, finalPrompt: 'a fox' } }, 'a fox'],
    ['the word confirm', { description: 'Waiting for window Confirm', properties: { finalPrompt: null } }, ''],
    ['a MODAL status', { description: '任务已存在', properties: { status: 'modal' } }, ''],
  ])('opens a window with %s', (_what, rest, finalPrompt) => {
    expect(read({ code: 21, result: ID, ...rest })).toEqual({ kind: 'window', upstreamTaskId: ID, finalPrompt });
  });

  it.each([
    ['the old duplicate', { description: '任务已存在', properties: { status: 'SUCCESS', imageUrl: 'https://a.b/c' } }],
    ['no word at all', {}],
    ['remix that is not true', { properties: { remix: false, finalPrompt: 'a fox' } }],
    ['properties of a wrong kind', { properties: ['remix'], description: 7 }],
  ])('means that it exists with %s', (_what, rest) => {
    expect(read({ code: 21, result: ID, ...rest })).toEqual({ kind: 'exists', upstreamTaskId: ID });
  });

  it('without an id is unknown', () => {
    expect(read({ code: 21, description: 'Waiting for window confirm', properties: { remix: true } })).toEqual({
      kind: 'unknown',
      fault: 'unexpected',
    });
  });
});

describe('an upstream that took nothing', () => {
  it.each([23, 30, '23'])('is full with code %p, whatever the envelope says', (code) => {
    expect(read({ code, description: '队列已满，请稍后尝试', result: null })).toEqual({ kind: 'full' });
    expect(read({ success: false, code, message: '' })).toEqual({ kind: 'full' });
  });

  it.each([
    '请求过于频繁，请稍后再试',
    'Too many concurrent jobs',
    '当前分组负载已饱和，请稍后再试，或升级账户以提升服务质量。',
  ])('is full where it says so: %s', (description) => {
    expect(read({ code: 9, description })).toEqual({ kind: 'full' });
    expect(read({ error: { message: description } }, 400)).toEqual({ kind: 'full' });
  });

  it('has no account with code 3', () => {
    expect(read({ code: 3, description: '无可用的账号实例', result: null, properties: {} })).toEqual({
      kind: 'nothing_done',
      fault: 'no_account',
    });
  });

  it('names the banned word with code 24', () => {
    const properties = { promptEn: 'a bloody fox', bannedWord: 'bloody' };
    expect(read({ code: 24, result: null, properties })).toEqual({ kind: 'banned', ...properties });
    expect(read({ code: 24 })).toEqual({ kind: 'banned', promptEn: '', bannedWord: '' });
  });
});

describe('a refusal', () => {
  it.each([
    ['code 4', { code: 4, description: 'prompt不能为空' }, { code: 4, words: 'prompt不能为空' }],
    ['code 9', { code: 9, description: '提交失败，系统异常' }, { code: 9, words: '提交失败，系统异常' }],
    ['the second envelope', { success: false, code: -1, message: '服务不可用' }, { code: 9, words: '服务不可用' }],
    ['code -1 alone', { code: '-1', message: 'x' }, { code: 9, words: 'x' }],
    ['success:false alone', { success: false }, { code: 9, words: '' }],
    ['success:false over code 1', { success: false, code: 1, result: ID }, { code: 9, words: '' }],
    ['words in error.message', { code: 9, error: { message: 'bad' } }, { code: 9, words: 'bad' }],
    ['an error that is a text', { code: 9, description: null, error: 'bad' }, { code: 9, words: 'bad' }],
    ["OpenAI's error alone", { error: { message: 'bad', type: 'x' } }, { code: 9, words: 'bad' }],
    ['other names of it', { code: 1001, success: false, msg: 'bad' }, { code: 9, words: 'bad' }],
  ])('is read from %s', (_what, body, refusal) => {
    expect(read(body)).toEqual({ kind: 'refused', ...refusal });
  });

  it.each([
    [{ code: 9, description: '提交失败，忙不过来，请稍后重试' }],
    [{ code: 4, description: '忙不过来' }],
    [{ success: false, code: -1, message: '忙不过来' }],
    [{ error: { message: '忙不过来' }, success: false }],
  ])('means full when %j holds a text that says so', (body) => {
    expect(read(body, 200, ['另外', '忙不过来'])).toEqual({ kind: 'full' });
    expect(read(body, 400, ['忙不过来'])).toEqual({ kind: 'full' });
    expect(read(body, 200, ['', 'else'])).toMatchObject({ kind: 'refused' });
  });

  it('does not look for such texts in acceptances', () => {
    expect(read({ code: 1, description: '队列已满', result: ID }, 200, ['队列已满'])).toMatchObject({
      kind: 'accepted',
    });
  });
});

describe('an answer that shows no outcome', () => {
  it.each([
    ['code 5', { code: 5, description: 'do_request_failed' }],
    ['a code of no list', { code: 7, result: ID }],
    ['another kind of success with words for an id', { code: 0, data: '正在处理' }],
    ['a code in other words', { code: 'perhaps', result: ID }],
    ['a fraction', { code: 1.5, result: ID }],
    ['nothing that is no error', { error: null, data: {} }],
    ['an array', [{ code: 1, result: ID }]],
    ['null', null],
    ['text', 'success'],
  ])('is unknown: %s', (_what, body) => {
    expect(read(body)).toEqual({ kind: 'unknown', fault: 'unexpected' });
  });

  it.each([
    ['words before what may be an answer', '<br />Notice: {"code":1,"result":"17"}'],
    ['nothing', ''],
    ['a half object', '{"code":1,"result":"17'],
    ['two objects', '{"code":1,"result":"17"}{}'],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00, 0x7b])],
  ])('is unknown: %s', (_what, text) => {
    expect(readText(text)).toEqual({ kind: 'unknown', fault: 'unreadable' });
    expect(readText(text, 302)).toEqual({ kind: 'unknown', fault: 'unreadable' });
    expect(readText(text, 502)).toEqual({ kind: 'unknown', fault: 'status_5xx' });
  });
});

describe('totality', () => {
  const KINDS = ['accepted', 'queued', 'window', 'exists', 'full', 'nothing_done', 'banned', 'refused', 'unknown'];
  const codes = fc.oneof(fc.constantFrom(1, 3, 4, 5, 9, 21, 22, 23, 24, 30, -1, '1', '22'), fc.jsonValue());
  const nearBody = fc.record(
    {
      code: codes,
      success: fc.oneof(fc.boolean(), fc.jsonValue()),
      result: fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.jsonValue()), fc.jsonValue()),
      description: fc.oneof(fc.string(), fc.jsonValue()),
      properties: fc.oneof(fc.dictionary(fc.constantFrom('remix', 'status', 'bannedWord'), fc.jsonValue())),
    },
    { requiredKeys: [] },
  );
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
    fc.oneof(nearBody, fc.jsonValue()).map((value) => Buffer.from(JSON.stringify(value))),
  );

  it('gives one of the outcomes for any status and bytes, and never more than they say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), bytes, fc.array(fc.string()), (status, body, fullTexts) => {
        const outcome = readSubmitAnswer({ status, body }, { fullTexts });
        expect(KINDS).toContain(outcome.kind);
        if (status >= 500) expect(['unknown', 'banned']).toContain(outcome.kind);
        if (outcome.kind === 'nothing_done' && status < 300) expect(outcome.fault).toBe('no_account');
        const ids = 'upstreamTaskIds' in outcome ? outcome.upstreamTaskIds : ['x'];
        expect(ids.length).toBeGreaterThan(0);
        expect(ids.every((id) => id !== '' && id.length <= 128 && id.isWellFormed())).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads an answer as deep as the cap on its bytes allows', () => {
    const deep = `{"code":1,"result":"17","properties":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    expect(readText(deep)).toEqual({ kind: 'accepted', upstreamTaskIds: ['17'] });
  });
});

describe('an answered upload', () => {
  const readUpload = (body: unknown, status = 200): Outcome =>
    readSubmitAnswer({ status, body: Buffer.from(JSON.stringify(body)) }, { fullTexts: ['队列已满'], wants: 'links' });

  it('takes no megabytes of text for links or ids', () => {
    const links = `https://up.test/a.png${' ,'.repeat(30_000)}https://up.test/b.png`;
    expect(readUpload({ code: 1, result: links })).toMatchObject({ kind: 'uploaded' });
    expect(readUpload({ code: 1, result: `https://up.test/a.png${' ,'.repeat(30_000)}x` }).kind).not.toBe('uploaded');
    expect(
      readUpload({ code: 1, result: `https://up.test/a.png${' ,'.repeat(40_000)}https://up.test/b.png` }).kind,
    ).not.toBe('uploaded');
  });

  it('names no more links than several submits have pictures', () => {
    const urls = Array.from({ length: 65 }, (_, at) => `https://up.test/${at}.png`);
    for (const result of [urls, urls.join(', '), JSON.stringify(urls)]) {
      expect(readUpload({ code: 1, result }).kind).not.toBe('uploaded');
    }
    expect(readUpload({ code: 1, result: urls.slice(1).join(', ') })).toMatchObject({ kind: 'uploaded' });
  });

  it('gives the links unchanged', () => {
    const urls = ['https://cdn.up.test/a.png?ex=1&is=2', 'HTTP://up.test:8080/b%20c.webp'];
    expect(readUpload({ code: 1, description: '提交成功', result: urls })).toEqual({ kind: 'uploaded', urls });
  });

  const A = 'https://up.test/a.png';
  const B = 'https://up.test/b,c.png?x=1';

  it.each([
    ['a text', A, [A]],
    ['a text with white space', ` ${A}\n`, [A]],
    ['a comma list', `${A},${B}`, [A, B]],
    ['lines', `${A}\n${B}`, [A, B]],
    ['JSON in a text', JSON.stringify([A, B]), [A, B]],
    ['objects', [{ url: A }, { link: B }], [A, B]],
    ['an object', { url: A }, [A]],
    ['an object of lists', { urls: [A, B] }, [A, B]],
    ['an object of objects', { images: [{ imageUrl: A }] }, [A]],
  ])('may name its links by %s', (_what, result, urls) => {
    expect(readUpload({ code: 1, result })).toEqual({ kind: 'uploaded', urls });
    expect(readUpload({ code: '1', result })).toEqual({ kind: 'uploaded', urls });
    expect(readUpload({ code: 200, data: result })).toEqual({ kind: 'uploaded', urls });
  });

  it.each([
    ['no links', []],
    ['nothing', null],
    ['a task id', ID],
    ['other schemes', ['ftp://up.test/a.png']],
    ['scripts', ['javascript:alert(1)']],
    ['what is no link among links', ['https://up.test/a.png', null]],
    ['what cannot be stored', ['https://up.test/a\u0000.png']],
    ['an endless link', [`https://up.test/${'x'.repeat(5_000)}`]],
  ])('is unknown when its result is %s', (_what, result) => {
    expect(readUpload({ code: 1, result })).toEqual({ kind: 'unknown', fault: 'unexpected' });
  });

  it.each([
    ['/attachments/a.png', 'http://up.test/attachments/a.png'],
    ['./files/a.png', 'http://up.test/sub/files/a.png'],
    ['//cdn.up.test/a.png', 'http://cdn.up.test/a.png'],
    ['https://up.test/a b.png', 'https://up.test/a%20b.png'],
  ])('may name a link as a browser would follow it from there: %s', (link, url) => {
    const read = (result: unknown): Outcome =>
      readSubmitAnswer(
        { status: 200, body: Buffer.from(JSON.stringify({ code: 1, result })) },
        { wants: 'links', baseUrl: 'http://up.test/sub' },
      );
    expect(read(link)).toEqual({ kind: 'uploaded', urls: [url] });
    expect(read([link, { url: link }])).toEqual({ kind: 'uploaded', urls: [url, url] });
    expect(readUpload({ code: 1, result: ['/attachments/a.png'] }).kind).toBe('unknown');
  });

  it('is unknown with any other accepting code', () => {
    for (const code of [21, 22]) {
      expect(readUpload({ code, result: ['https://up.test/a.png'] })).toEqual({ kind: 'unknown', fault: 'unexpected' });
    }
  });

  it.each([
    [{ code: 4, description: 'bad' }, 200, { kind: 'refused', code: 4, words: 'bad' }],
    [{ code: 9, description: '队列已满' }, 200, { kind: 'full' }],
    [{ code: 3 }, 200, { kind: 'nothing_done', fault: 'no_account' }],
    [{ code: 23 }, 200, { kind: 'full' }],
    [{}, 500, { kind: 'unknown', fault: 'status_5xx' }],
  ])('is otherwise judged like any other: %j', (body, status, outcome) => {
    expect(readUpload(body, status)).toEqual(outcome);
  });
});

it('links are no ids: other work is not done by an array of them', () => {
  expect(read({ code: 1, result: ['https://up.test/a.png'] }).kind).not.toBe('uploaded');
});
