import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiParam, ApiResponse } from '@nestjs/swagger';
import { PICTURE_TYPES, type AssetKind } from '#libs/assets';
import { ApiMjErrors } from '../http/documentation/api-errors.decorator.js';

const CACHE_HEADERS = {
  ETag: {
    description: 'Names these bytes; for `If-None-Match` and `If-Range`. Not of a preview.',
    schema: { type: 'string' },
    example: '"9f1c0e5e"',
  },
  'Cache-Control': {
    description: 'For ever; of a preview `no-store`.',
    schema: { type: 'string' },
    example: 'public, max-age=31536000, immutable',
  },
} as const;

const BYTE_HEADERS = {
  ...CACHE_HEADERS,
  'Accept-Ranges': { description: 'Not of a preview.', schema: { type: 'string' }, example: 'bytes' },
  'Content-Disposition': {
    description: 'A file name for saving it.',
    schema: { type: 'string' },
    example: 'inline; filename="6237012345678901.png"',
  },
} as const;

const ENDINGS = String.raw`\.(png|jpe?g|webp|gif|avif|mp4|webm)`;
const ENDING_WORDS =
  'A file ending may follow (`.png`, `.jpg`, `.jpeg`, `.webp`, `.gif`, `.avif`, `.mp4`, `.webm`); it chooses no format.';

/** Documents a route that sends bytes: which picture is asked for, conditions, ranges, and failures. */
export function ApiPicture(kind: AssetKind, which: 'single' | 'numbered'): MethodDecorator {
  const types = Object.keys(PICTURE_TYPES).filter((type) => type.startsWith(`${kind}/`));
  const bytes = Object.fromEntries(
    types.map((type) => [type, { schema: { type: 'string', format: 'binary' } as const }]),
  );
  const number = ApiParam({
    name: 'n',
    description: `Which of several, from 1. ${ENDING_WORDS}`,
    schema: { type: 'integer', minimum: 1, maximum: 99, example: 1 },
  });
  return applyDecorators(
    ApiParam({
      name: 'id',
      description: which === 'single' ? `Id of the task. ${ENDING_WORDS}` : 'Id of the task.',
      schema: {
        type: 'string',
        pattern: which === 'single' ? `^[1-9]\\d{15}(${ENDINGS})?$` : '^[1-9]\\d{15}$',
        example: '6237012345678901',
      },
    }),
    ...(which === 'numbered' ? [number] : []),
    // Examples stand in the text: as such Swagger UI would send them, and show a part of the picture or nothing.
    ApiHeader({ name: 'If-None-Match', required: false, description: 'The `ETag` of what the client has.' }),
    ApiHeader({ name: 'Range', required: false, description: 'One range of bytes, e.g. `bytes=0-1023`.' }),
    ApiHeader({ name: 'If-Range', required: false, description: 'The `ETag` that the range is of.' }),
    ApiOkResponse({ description: 'The bytes. HEAD gives the headers alone', content: bytes, headers: BYTE_HEADERS }),
    ApiResponse({
      status: 206,
      description: 'The range that was asked for',
      content: bytes,
      headers: {
        ...BYTE_HEADERS,
        'Content-Range': {
          description: 'Which bytes these are, of how many.',
          schema: { type: 'string' },
          example: 'bytes 0-1023/482133',
        },
      },
    }),
    ApiResponse({ status: 304, description: 'It is still what `If-None-Match` names', headers: CACHE_HEADERS }),
    ApiMjErrors(400, 404, 416, 429, 502, 503, 504),
  );
}
