import { applyDecorators, Controller } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';

/** Routes below /admin, with their place in the documentation. Who may call them is decided by their path. */
export function AdminRoutes(path: string, tag: string): ClassDecorator {
  return applyDecorators(ApiTags(`admin: ${tag}`), ApiBearerAuth('admin'), Controller(`admin/${path}`));
}
