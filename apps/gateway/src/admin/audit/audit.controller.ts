import { Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems } from '../../http/documentation/api-problems.decorator.js';
import { AdminRoutes } from '../admin-routes.decorator.js';
import { AuditPageDto, AuditQuery } from './audit.dto.js';
import { AuditReads } from './audit-reads.js';

@AdminRoutes('audit', 'audit')
export class AuditController {
  constructor(private readonly reads: AuditReads) {}

  @Get()
  @ApiOperation({ operationId: 'adminListAudit', summary: 'Every write through this API, newest first' })
  @ApiOkResponse({ type: AuditPageDto })
  @ApiProblems(400)
  list(@Query() query: AuditQuery): Promise<AuditPageDto> {
    return this.reads.page(query);
  }
}
