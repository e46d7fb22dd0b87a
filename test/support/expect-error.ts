import type { RawAnswer } from './raw-request.js';

/** What every error looks like, whoever made it. */
export function expectError(answer: RawAnswer, status: number, description: string): void {
  expect({ status: answer.status, headers: answer.headers, text: answer.text }).toMatchObject({
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
    text: expect.stringMatching(/^\{"code":4,"description":"[a-z0-9_]+","result":null\b/),
  });
  expect((JSON.parse(answer.text) as { description: string }).description).toBe(description);
  expect(answer.headers).not.toHaveProperty('x-powered-by');
}
