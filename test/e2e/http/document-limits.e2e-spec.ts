import { useGateway } from '../../support/use-gateway.js';

interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  items?: Schema;
  properties?: Record<string, Schema>;
  [limit: string]: unknown;
}

interface Operation {
  security: Record<string, unknown>[];
  requestBody?: unknown;
  responses: Record<string, { content?: Record<string, unknown> }>;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** What a client can read of the document without trying: limits of fields, types of content, and what may go wrong. */
describe('limits in the document', () => {
  const { gateway } = useGateway();
  let document: Document;

  beforeAll(async () => {
    document = (await gateway.get('/docs-json')).json as unknown as Document;
  });

  const operations = (): [string, Operation][] =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
    );
  const schema = (dto: string, field: string): Schema => document.components.schemas[dto]?.properties?.[field] ?? {};

  it('name what every route with a key answers, and every route with a body', () => {
    const keyed = operations().filter(([, { security }]) => security.some((one) => 'bearer' in one));
    expect(keyed.length).toBeGreaterThan(20);
    for (const [name, { responses }] of keyed) {
      expect([name, Object.keys(responses)]).toEqual([name, expect.arrayContaining(['401', '403', '429', '503'])]);
    }
    const withBody = operations().filter(([, { requestBody }]) => requestBody !== undefined);
    expect(withBody.length).toBeGreaterThan(20);
    for (const [name, { responses }] of withBody) {
      expect([name, Object.keys(responses)]).toEqual([name, expect.arrayContaining(['400', '413', '415'])]);
    }
  });

  it('name the types of films, pictures and events', () => {
    const types = (path: string): string[] =>
      Object.keys(document.paths[path]?.['get']?.responses['200']?.content ?? {}).sort();
    expect(types('/mj/video/{id}/{n}')).toEqual(['video/mp4', 'video/webm']);
    expect(types('/mj/image/{id}')).toEqual(['image/avif', 'image/gif', 'image/jpeg', 'image/png', 'image/webp']);
    expect(types('/mj/task/{id}/events')).toEqual(['text/event-stream']);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['ImagineDto', 'prompt', { minLength: 1, maxLength: 8_192 }],
    ['ImagineDto', 'state', { maxLength: 4_096 }],
    ['ImagineDto', 'notifyHook', { maxLength: 2_048 }],
    ['ImagineDto', 'base64Array', { maxItems: 20, items: { type: 'string', maxLength: 14_680_064 } }],
    ['BlendDto', 'base64Array', { minItems: 2, maxItems: 5 }],
    ['UploadDto', 'base64Array', { minItems: 1, maxItems: 10 }],
    ['ListByConditionDto', 'ids', { maxItems: 10_000 }],
    ['ChangeDto', 'index', { minimum: 1, maximum: 99 }],
    ['VideoDto', 'index', { minimum: 0, maximum: 3 }],
    ['ActionDto', 'customId', { maxLength: 512 }],
    ['ActionDto', 'taskId', { pattern: '^[1-9]\\d{15}$' }],
    ['TaskDto', 'id', { pattern: '^[1-9]\\d{15}$' }],
    ['TaskDto', 'imageUrls', { minItems: 1 }],
    ['CreateKeyDto', 'ipAllow', { minItems: 1, maxItems: 100 }],
    ['CreateUpstreamDto', 'baseUrl', { maxLength: 2_048 }],
    ['BannedWordsDto', 'words', { maxItems: 2_000 }],
  ])('say of %s.%s %j', (dto, field, limits) => {
    expect(schema(dto, field)).toMatchObject(limits);
  });

  it('bound every text and list of the bodies of submits, but for terms of other servers', () => {
    const submits = Object.entries(document.components.schemas).filter(
      ([, { properties }]) => properties?.['notifyHook'],
    );
    const isBounded = ({ type, enum: words, maxLength, pattern, maxItems }: Schema): boolean =>
      type === 'string' ? (words ?? maxLength ?? pattern) !== undefined : type !== 'array' || maxItems !== undefined;
    const loose = submits
      .filter(([name]) => name.endsWith('Dto') && !/Admin|Key|View/.test(name))
      .flatMap(([name, { properties = {} }]) =>
        Object.entries(properties)
          .filter(([, field]) => !isBounded(field))
          .map(([field]) => `${name}.${field}`),
      );
    expect(loose).toEqual([]);
  });
});
