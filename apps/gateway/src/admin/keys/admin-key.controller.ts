import { Body, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { ApiProblems } from '../../http/documentation/api-problems.decorator.js';
import { TakesNoBody } from '../../http/routes/route-access.js';
import { Call, type AdminCall } from '../admin-call.js';
import { AdminRoutes } from '../admin-routes.decorator.js';
import { AdminKeyDto, CreatedKeyDto, KeyPageDto, MovedCreditsDto, RotatedSecretDto } from './admin-key.dto.js';
import { AdminKeyService } from './admin-key.service.js';
import { CreateKeyDto, KeyQuery, MoveCreditsDto, PatchKeyDto } from './key-terms.dto.js';

@AdminRoutes('keys', 'keys')
export class AdminKeyController {
  constructor(private readonly keys: AdminKeyService) {}

  @Post()
  @ApiOperation({
    operationId: 'adminCreateKey',
    summary: 'Make a key',
    description: '`key` and `webhookSecret` are shown this once. The key is stored as SHA-256, the secret encrypted.',
  })
  @ApiCreatedResponse({ type: CreatedKeyDto })
  @ApiProblems(400, 413, 415)
  create(@Body() terms: CreateKeyDto, @Call() call: AdminCall): Promise<CreatedKeyDto> {
    return this.keys.create(terms, call);
  }

  @Get()
  @ApiOperation({ operationId: 'adminListKeys', summary: 'All keys, revoked ones included, newest first' })
  @ApiOkResponse({ type: KeyPageDto })
  @ApiProblems(400)
  list(@Query() query: KeyQuery): Promise<KeyPageDto> {
    return this.keys.page(query);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'adminGetKey', summary: 'A key, with what it has spent and has running' })
  @ApiParam({ name: 'id', example: '7' })
  @ApiOkResponse({ type: AdminKeyDto })
  @ApiProblems(404)
  get(@Param('id') id: string): Promise<AdminKeyDto> {
    return this.keys.find(id);
  }

  @Patch(':id')
  @ApiOperation({
    operationId: 'adminChangeKey',
    summary: 'Change a key',
    description:
      'What is left out stays; null takes a limit away. It holds on every replica within 10 s. `credits` sets what is ' +
      'left; to add or take some, post to /credits.',
  })
  @ApiParam({ name: 'id', example: '7' })
  @ApiOkResponse({ type: AdminKeyDto })
  @ApiProblems(400, 404, 409, 413, 415)
  change(@Param('id') id: string, @Body() patch: PatchKeyDto, @Call() call: AdminCall): Promise<AdminKeyDto> {
    return this.keys.change(id, patch, call);
  }

  @Post(':id/credits')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'adminMoveCredits',
    summary: 'Give a key credits, or take some',
    description: 'One line in its ledger. More than is left cannot be taken.',
  })
  @ApiParam({ name: 'id', example: '7' })
  @ApiOkResponse({ type: MovedCreditsDto })
  @ApiProblems(400, 404, 409, 413, 415)
  credits(@Param('id') id: string, @Body() body: MoveCreditsDto, @Call() call: AdminCall): Promise<MovedCreditsDto> {
    return this.keys.moveCredits(id, body, call);
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @TakesNoBody()
  @ApiOperation({
    operationId: 'adminRevokeKey',
    summary: 'Revoke a key for good',
    description: 'Every request with it is 401 within 10 s. Its tasks go on, and their hooks are called.',
  })
  @ApiParam({ name: 'id', example: '7' })
  @ApiOkResponse({ type: AdminKeyDto })
  @ApiProblems(404)
  revoke(@Param('id') id: string, @Call() call: AdminCall): Promise<AdminKeyDto> {
    return this.keys.revoke(id, call);
  }

  @Post(':id/rotate-webhook-secret')
  @HttpCode(200)
  @TakesNoBody()
  @ApiOperation({
    operationId: 'adminRotateWebhookSecret',
    summary: 'Make a new webhook secret',
    description: 'The old one signs too for 24 hours. The new one is shown this once.',
  })
  @ApiParam({ name: 'id', example: '7' })
  @ApiOkResponse({ type: RotatedSecretDto })
  @ApiProblems(404)
  rotate(@Param('id') id: string, @Call() call: AdminCall): Promise<RotatedSecretDto> {
    return this.keys.rotateSecret(id, call);
  }
}
