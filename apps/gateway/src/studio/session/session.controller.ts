import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiCookieAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Call, type AdminCall } from '../../admin/admin-call.js';
import { ApiProblems } from '../../http/documentation/api-problems.decorator.js';
import { MjError } from '../../http/errors/mj-error.js';
import { Public, TakesNoBody } from '../../http/routes/route-access.js';
import { ChangeSessionDto, SessionDto, SignInDto } from './session.dto.js';
import { cookieOf, noCookie } from './session-cookie.js';
import { SessionService } from './session.service.js';

/** Signing in to Studio. The routes are public to the key check: each looks at the cookie itself. */
@ApiTags('studio')
@Controller('studio/session')
export class SessionController {
  constructor(private readonly sessions: SessionService) {}

  @Post()
  @Public()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'studioSignIn',
    summary: 'Sign in with a key or a link',
    description:
      'Sets the cookie `journeyman_session` (HttpOnly, SameSite=Strict), which counts under /mj, /admin and /studio where a ' +
      'request carries no key. Send `x-journeyman-studio: 1` with this and with every other write by the cookie. A session ' +
      'lives 30 days, or 7 without use, and ends within 10 s of its key being revoked.',
  })
  @ApiOkResponse({ type: SessionDto })
  @ApiProblems(400, 403, 413, 415)
  async signIn(
    @Body() body: SignInDto,
    @Call() call: AdminCall,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionDto> {
    const { token, session } = await this.sessions.signIn(body, request, call);
    void reply.header('set-cookie', cookieOf(token, request));
    return session;
  }

  @Get()
  @Public()
  @ApiCookieAuth()
  @ApiOperation({ operationId: 'studioSession', summary: 'Who is signed in' })
  @ApiOkResponse({ type: SessionDto })
  @ApiProblems(403)
  async current(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<SessionDto> {
    return this.sessions.current(request).catch((error: unknown) => {
      // The browser forgets a session that has ended; one that another page may not use it keeps.
      const hasEnded = error instanceof MjError && error.code === 'session_has_ended';
      if (hasEnded && request.headers.cookie !== undefined && isOwn(request)) {
        void reply.header('set-cookie', noCookie(request));
      }
      throw error;
    });
  }

  @Patch()
  @Public()
  @ApiCookieAuth()
  @ApiOperation({
    operationId: 'studioChooseKey',
    summary: 'Choose the key that an admin acts for under /mj',
    description: 'Limits, credits and tasks are those of that key. It is written to the audit log.',
  })
  @ApiOkResponse({ type: SessionDto })
  @ApiProblems(400, 403, 413, 415)
  change(@Body() body: ChangeSessionDto, @Call() call: AdminCall, @Req() request: FastifyRequest): Promise<SessionDto> {
    return this.sessions.change(body, request, call);
  }

  @Delete()
  @Public()
  @HttpCode(204)
  @TakesNoBody()
  @ApiCookieAuth()
  @ApiOperation({
    operationId: 'studioSignOut',
    summary: 'Sign out',
    description: 'The session ends on every replica within 10 s.',
  })
  @ApiNoContentResponse({ description: 'Signed out' })
  @ApiProblems(403)
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.sessions.signOut(request);
    void reply.header('set-cookie', noCookie(request));
  }
}

/** Whether no page of another origin asks. */
function isOwn({ headers }: FastifyRequest): boolean {
  return ['same-origin', 'none', undefined].includes(headers['sec-fetch-site']);
}
