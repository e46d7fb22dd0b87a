import { withPictures, type SubmitBody } from './submit-body.ts';

/** A request in the words of a language. */
export type TwinName = 'curl' | 'javascript' | 'python' | 'json';

/** A request as it will be sent. */
export interface RequestParts {
  url: string;
  body: SubmitBody;
  /** '': none is sent. */
  idempotencyKey: string;
}

/** Longer base64 is shown by its head and its size. */
const SHOWN_CHARS = 40;

/** The same body with long pictures shortened, for reading only. */
export function shortened(body: SubmitBody): SubmitBody {
  return withPictures(body, (data) =>
    data.length > SHOWN_CHARS * 2 ? `${data.slice(0, SHOWN_CHARS)}…(${sizeText(data.length)})` : data,
  );
}

function sizeText(chars: number): string {
  const bytes = (chars * 3) / 4;
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The request as a program; its key is read from the environment and never written out. */
export function twinOf(name: TwinName, parts: RequestParts): string {
  switch (name) {
    case 'curl':
      return curl(parts);
    case 'javascript':
      return javascript(parts);
    case 'python':
      return python(parts);
    case 'json':
      return json(parts.body);
  }
}

function json(body: SubmitBody): string {
  return JSON.stringify(body, null, 2);
}

/** The body goes through standard input: an argument holds 128 KiB at most, and quotes need no escape there. */
function curl({ url, body, idempotencyKey }: RequestParts): string {
  const lines = [
    `curl -s ${url}`,
    `  -H "Authorization: Bearer $JOURNEYMAN_KEY"`,
    `  -H 'Content-Type: application/json'`,
    ...(idempotencyKey === '' ? [] : [`  -H ${shellQuoted(`Idempotency-Key: ${idempotencyKey}`)}`]),
    `  --data-binary @- <<'JSON'`,
  ];
  return `${lines.join(' \\\n')}\n${json(body)}\nJSON`;
}

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function javascript({ url, body, idempotencyKey }: RequestParts): string {
  const headers = [
    '    authorization: `Bearer ${process.env.JOURNEYMAN_KEY}`,',
    `    'content-type': 'application/json',`,
    ...(idempotencyKey === '' ? [] : [`    'idempotency-key': ${JSON.stringify(idempotencyKey)},`]),
  ];
  return [
    `const response = await fetch(${JSON.stringify(url)}, {`,
    `  method: 'POST',`,
    '  headers: {',
    ...headers,
    '  },',
    `  body: JSON.stringify(${json(body).replaceAll('\n', '\n  ')}),`,
    '});',
    'const { code, description, result } = await response.json();',
    'console.log(code, description, result);',
  ].join('\n');
}

function python({ url, body, idempotencyKey }: RequestParts): string {
  const headers = [
    `        "Authorization": f"Bearer {os.environ['JOURNEYMAN_KEY']}",`,
    ...(idempotencyKey === '' ? [] : [`        "Idempotency-Key": ${JSON.stringify(idempotencyKey)},`]),
  ];
  return [
    'import os',
    'import requests',
    '',
    'response = requests.post(',
    `    ${JSON.stringify(url)},`,
    '    headers={',
    ...headers,
    '    },',
    `    json=${pythonLiteral(body).replaceAll('\n', '\n    ')},`,
    ')',
    'print(response.json())',
  ].join('\n');
}

/** Strings of JSON are strings of Python too; only the names of truth differ. */
function pythonLiteral(body: SubmitBody): string {
  const valueOf = (value: SubmitBody[string]): string => {
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    if (Array.isArray(value)) return `[${value.map((one) => `\n        ${JSON.stringify(one)},`).join('')}\n    ]`;
    return JSON.stringify(value);
  };
  const lines = Object.entries(body).map(([field, value]) => `    ${JSON.stringify(field)}: ${valueOf(value)},`);
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n}`;
}
