import { Body, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiProblems } from '../../http/documentation/api-problems.decorator.js';
import { Problem } from '../../http/errors/problem.js';
import { QUESTIONS, questionOf } from '../../reports/questions/catalogue.js';
import { Workbench, type SqlCaller } from '../../reports/sql/workbench.js';
import { AdminRoutes } from '../admin-routes.decorator.js';
import { DictionaryDto, QuestionListDto, RunQuestionDto, RunSqlDto, SqlResultDto } from './admin-sql.dto.js';
import { toldOf } from './sql-problem.js';

/** Turns go by session of Studio, or by the address of whoever came with ADMIN_KEY. */
function callerOf({ ip, studioSession, life }: FastifyRequest): SqlCaller {
  return { session: studioSession === null ? `address ${ip}` : `session ${studioSession.id}`, signal: life.signal };
}

@AdminRoutes('questions', 'reports')
export class AdminQuestionController {
  constructor(private readonly workbench: Workbench) {}

  @Get()
  @ApiOperation({
    operationId: 'adminListQuestions',
    summary: 'Questions about schema report',
    description: 'Each in words of two languages and in SQL with `:parameters`.',
  })
  @ApiOkResponse({ type: QuestionListDto })
  @ApiProblems()
  list(): QuestionListDto {
    return { items: QUESTIONS };
  }

  @Post(':name/run')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'adminRunQuestion',
    summary: 'Answer a question',
    description: 'Read-only, 20 s at most, and cancelled when the caller leaves.',
  })
  @ApiParam({ name: 'name', example: 'throughput' })
  @ApiOkResponse({ type: SqlResultDto })
  @ApiProblems(400, 404, 413, 415)
  run(
    @Param('name') name: string,
    @Body() { parameters = {} }: RunQuestionDto,
    @Req() request: FastifyRequest,
  ): Promise<SqlResultDto> {
    const question = questionOf(name);
    if (question === null) throw new Problem('not_found', 'No such question');
    return toldOf('parameters', this.workbench.ask(question, parameters, callerOf(request)));
  }
}

@AdminRoutes('sql', 'reports')
export class AdminSqlController {
  constructor(private readonly workbench: Workbench) {}

  @Post('run')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'adminRunSql',
    summary: 'Run a query over schema report',
    description:
      'As a login that reads that schema and nothing else: one query, read-only, 20 s at most, 1,000 rows, cancelled when ' +
      'the caller leaves. A mistake in the query is a 400 whose `errors` name `sql`, with the place where Postgres knows ' +
      'it. 404 where `STUDIO_SQL=off`.',
  })
  @ApiOkResponse({ type: SqlResultDto })
  @ApiProblems(400, 404, 409, 413, 415)
  run(
    @Body() { sql, parameters = {}, explain = false }: RunSqlDto,
    @Req() request: FastifyRequest,
  ): Promise<SqlResultDto> {
    this.checkIsOn();
    return toldOf('sql', this.workbench.run(sql, parameters, explain, callerOf(request)));
  }

  @Get('dictionary')
  @ApiOperation({
    operationId: 'adminGetDictionary',
    summary: 'What free SQL can read',
    description: 'Every view of schema `report` with its columns. 404 where `STUDIO_SQL=off`.',
  })
  @ApiOkResponse({ type: DictionaryDto })
  @ApiProblems(404)
  async dictionary(@Req() request: FastifyRequest): Promise<DictionaryDto> {
    this.checkIsOn();
    return { views: await toldOf('', this.workbench.dictionary(callerOf(request))) };
  }

  private checkIsOn(): void {
    if (!this.workbench.hasFreeSql) throw new Problem('not_found', 'No such route');
  }
}
