import type { FastifyInstance } from 'fastify';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { ConstantAnswer } from '../answers/constant-answer.js';

/** Files of Swagger UI that its page asks for. */
const FILES = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'application/javascript; charset=utf-8',
  'favicon-16x16.png': 'image/png',
  'favicon-32x32.png': 'image/png',
} as const;

const HTML = 'text/html; charset=utf-8';

/** @param base where the page's files are, from its own address */
function page(base: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Journeyman</title>
  <link rel="stylesheet" href="${base}swagger-ui.css">
  <link rel="icon" type="image/png" href="${base}favicon-32x32.png" sizes="32x32">
  <link rel="icon" type="image/png" href="${base}favicon-16x16.png" sizes="16x16">
  <style>body { margin: 0; background: #fafafa; }</style>
</head>
<body>
<div id="swagger-ui"></div>
<script src="${base}swagger-ui-bundle.js"></script>
<script src="${base}swagger-ui-init.js"></script>
</body>
</html>
`;
}

/** The page finds the document relative to its own script: a proxy may have put both under another path. */
const INIT = `const url = new URL('../docs-json', document.currentScript.src).href;
window.onload = () => {
  window.ui = SwaggerUIBundle({
    url,
    dom_id: '#swagger-ui',
    deepLinking: true,
    persistAuthorization: true,
    displayRequestDuration: true,
    tryItOutEnabled: true,
  });
};
`;

declare module 'fastify' {
  interface FastifyInstance {
    documentation: Documentation;
  }
}

/** Swagger UI at /docs, and the document that it shows at /docs-json. */
export class Documentation {
  private readonly answers: ReadonlyMap<string, ConstantAnswer>;

  /** @param document gives the OpenAPI document; called once */
  constructor(document: () => object) {
    const init = new ConstantAnswer('application/javascript; charset=utf-8', () => INIT);
    const beside = new ConstantAnswer(HTML, () => page('docs/'));
    const inside = new ConstantAnswer(HTML, () => page(''));
    const json = new ConstantAnswer('application/json; charset=utf-8', () => JSON.stringify(document()));
    this.answers = new Map([
      ['/docs-json', json],
      ['/docs', beside],
      ['/docs/', inside],
      ['/docs/index.html', inside],
      ['/docs/swagger-ui-init.js', init],
      ...Object.entries(FILES).map(
        ([name, type]) => [`/docs/${name}`, new ConstantAnswer(type, () => readFile(pathOf(name)))] as const,
      ),
    ]);
  }

  /** Answers by the path of their request. */
  all(): Iterable<[string, ConstantAnswer]> {
    return this.answers;
  }

  /** Makes all answers ahead: the document takes hundreds of ms of CPU, during which nobody else is served. */
  async prepare(): Promise<void> {
    for (const answer of this.answers.values()) await answer.prepare();
  }
}

/** Serves the documentation, and decorates the server with it so that start-up can prepare it before the first request. */
export function serveDocumentation(fastify: FastifyInstance, documentation: Documentation): void {
  fastify.decorate('documentation', documentation);
  for (const [path, answer] of documentation.all()) {
    fastify.get(path, (request, reply) => answer.send(request, reply));
  }
}

function pathOf(name: string): string {
  return createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`);
}
