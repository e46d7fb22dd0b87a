import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { ApiKey } from '#libs/access';
import { ApiMjErrors } from '../http/documentation/api-errors.decorator.js';
import { Caller } from '../http/key-check/caller.decorator.js';
import { AccountDto } from './account.dto.js';
import { AccountService } from './account.service.js';

/** The key of the request, for its owner. */
@ApiTags('account')
@ApiBearerAuth()
@ApiSecurity('mj-api-secret')
@Controller('mj/account')
export class AccountController {
  constructor(private readonly accounts: AccountService) {}

  @Get()
  @ApiOperation({
    operationId: 'getAccount',
    summary: 'What this key has left, what it may do, and what that costs',
    description:
      'Credits and counts are those of this moment; terms and prices are a few seconds old at the most. Nothing secret is ' +
      'in it: neither the key nor its hook. A mode prefix in the path changes nothing.',
  })
  @ApiOkResponse({ type: AccountDto })
  @ApiMjErrors(401, 403, 429, 503)
  account(@Caller() key: ApiKey): Promise<AccountDto> {
    return this.accounts.of(key);
  }
}
