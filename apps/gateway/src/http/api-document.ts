import { SwaggerModule, DocumentBuilder, type OpenAPIObject } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VERSION } from '../version.js';

/** The OpenAPI document of every route. */
export function apiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Journeyman')
    .setDescription(
      'A gateway for Midjourney-style image APIs. Press Authorize and paste an API key; then every route can be tried. ' +
        'All routes also exist under /mj-fast/mj, /mj-relax/mj and /mj-turbo/mj, which ask for that mode.',
    )
    .setVersion(VERSION)
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key, sk-…' })
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'mj-api-secret',
        description: 'The same key in the header of midjourney-proxy',
      },
      'mj-api-secret',
    )
    .build();
  return SwaggerModule.createDocument(app, config);
}

/** Serves Swagger UI at /docs and the document at /docs-json. */
export function serveDocumentation(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => apiDocument(app), {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'Journeyman',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, tryItOutEnabled: true },
  });
}
