import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const DOCUMENT = resolve(import.meta.dirname, '../../openapi.json');

interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  allOf?: Schema[];
  items?: Schema;
  example?: unknown;
}

interface JsonBody {
  schema?: Schema;
  examples?: Record<string, { value: Record<string, unknown> }>;
}

interface Operation {
  security?: unknown[];
  requestBody?: { content?: Record<string, JsonBody> };
}

interface ApiDocument {
  paths: Record<string, { get?: Operation; post?: Operation }>;
  components?: { schemas?: Record<string, Schema> };
}

/** A route as the API document describes it, for tests that are made from the document and so forget no route. */
export interface DocumentedRoute {
  method: 'GET' | 'POST';
  /** With `{name}` for a part that varies. */
  path: string;
  /** True: it asks for an API key. */
  isGuarded: boolean;
  /** Bodies that the document shows, else one of its fields' examples; empty where none is taken. */
  examples: Record<string, unknown>[];
  /** Names of the body's text fields, inner ones with a dot. */
  textFields: string[];
  /** Names of all its fields. */
  fields: string[];
}

/** Every /mj route of openapi.json. */
export function documentedRoutes(): DocumentedRoute[] {
  const document = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as ApiDocument;
  return Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/mj/'))
    .flatMap(([path, item]) =>
      (['get', 'post'] as const).flatMap((method) => {
        const operation = item[method];
        return operation === undefined ? [] : [routeOf(document, method === 'get' ? 'GET' : 'POST', path, operation)];
      }),
    );
}

function routeOf(document: ApiDocument, method: 'GET' | 'POST', path: string, operation: Operation): DocumentedRoute {
  const body = operation.requestBody?.content?.['application/json'];
  const properties = propertiesOf(document, body?.schema);
  const shown = Object.values(body?.examples ?? {}).map(({ value }) => value);
  const made = Object.fromEntries(Object.entries(properties).map(([name, { example }]) => [name, example]));
  return {
    method,
    path,
    isGuarded: (operation.security ?? []).length > 0,
    examples: body === undefined || shown.length > 0 ? shown : [made],
    textFields: textsOf(document, properties, ''),
    fields: Object.keys(properties),
  };
}

function propertiesOf(document: ApiDocument, schema: Schema | undefined): Record<string, Schema> {
  if (schema === undefined) return {};
  const name = schema.$ref?.split('/').at(-1);
  const target = name === undefined ? schema : document.components?.schemas?.[name];
  const inherited = (target?.allOf ?? []).map((part) => propertiesOf(document, part));
  return Object.assign({}, ...inherited, target?.properties) as Record<string, Schema>;
}

function textsOf(document: ApiDocument, properties: Record<string, Schema>, before: string): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const inner = propertiesOf(document, schema);
    if (Object.keys(inner).length > 0) return textsOf(document, inner, `${before}${name}.`);
    if (schema.type === 'array') return schema.items?.type === 'string' ? [`${before}${name}.0`] : [];
    return schema.type === 'string' ? [before + name] : [];
  });
}

/** A copy of a body with one field set, by its name with dots; a number is a place in a list. */
export function withField(body: Record<string, unknown>, field: string, value: unknown): Record<string, unknown> {
  const [first = '', ...rest] = field.split('.');
  if (rest.length === 0) return { ...body, [first]: value };
  if (rest[0] === '0') return { ...body, [first]: [value] };
  const inner = (body[first] ?? {}) as Record<string, unknown>;
  return { ...body, [first]: withField(inner, rest.join('.'), value) };
}
