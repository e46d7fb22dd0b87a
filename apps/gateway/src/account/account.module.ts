import { Module } from '@nestjs/common';
import { AccountController } from './account.controller.js';
import { AccountService } from './account.service.js';

/** GET /mj/account. `imports`: AccessModule. */
@Module({ controllers: [AccountController], providers: [AccountService] })
export class AccountModule {}
