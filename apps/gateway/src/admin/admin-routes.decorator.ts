import { applyDecorators, Controller } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

/** Routes below /admin, with their tag in the documentation. Their path alone makes them ask for ADMIN_KEY. */
export function AdminRoutes(path: string, tag: string): ClassDecorator {
  return applyDecorators(ApiTags(`admin: ${tag}`), ApiBearerAuth('admin'), Controller(`admin/${path}`));
}
