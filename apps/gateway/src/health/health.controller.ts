import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../http/documentation/api-problems.decorator.js';
import { ForAdmin, Public } from '../http/routes/route-access.js';
import { HealthDetails } from './health-details.dto.js';
import { HealthReport } from './health.dto.js';
import { HealthService } from './health.service.js';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** Answers as long as the process does. */
  @Public()
  @Get('live')
  @HttpCode(200)
  @ApiOperation({ operationId: 'isLive', summary: 'Whether the process answers' })
  @ApiOkResponse({ description: 'It does', type: HealthReport })
  live(): HealthReport {
    return { status: 'ok', problems: [] };
  }

  /** 200 when requests may be sent here; 503 while Postgres is away, requests are turned away, it drains, and the like. */
  @Public()
  @Get('ready')
  @ApiOperation({ operationId: 'isReady', summary: 'Whether requests may be sent here' })
  @ApiOkResponse({ description: 'They may', type: HealthReport })
  @ApiServiceUnavailableResponse({
    description: 'They may not; `problems` says why',
    type: HealthReport,
    example: { status: 'unavailable', problems: ['the database does not answer'] },
  })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    const report = await this.health.readiness();
    reply.status(report.status === 'ok' ? 200 : 503);
    return report;
  }

  /** For people: 200 whatever is wrong. */
  @ForAdmin()
  @Get('details')
  @ApiBearerAuth('admin')
  @ApiOperation({ operationId: 'getHealthDetails', summary: 'How this replica is, and what it sees of the rest' })
  @ApiOkResponse({ description: 'How it is', type: HealthDetails })
  @ApiProblems(404)
  details(): Promise<HealthDetails> {
    return this.health.details();
  }
}
