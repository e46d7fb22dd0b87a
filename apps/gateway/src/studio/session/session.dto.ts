import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Id, Nullable, Optional, Text } from '../../admin/field-rules.js';
import { ListQuery } from '../../admin/list-query.dto.js';
import { StrictInput } from '../../http/request-body/strict-input.js';

/** What somebody signs in with: one of the two. */
@StrictInput()
export class SignInDto {
  @ApiPropertyOptional({ type: String, description: 'An API key, or ADMIN_KEY.', example: 'sk-…' })
  @Optional()
  @Text(1, 1_000)
  key?: string;

  @ApiPropertyOptional({ type: String, description: 'What stands behind `#ticket=` in a link.', example: 'jst_…' })
  @Optional()
  @Text(1, 200)
  ticket?: string;
}

/** Who is signed in. */
export class SessionDto {
  role!: 'admin' | 'client';
  /** The key that the session is, or that an admin acts for under /mj; null: none is chosen yet. */
  keyId!: string | null;
  keyName!: string | null;
  /** When it ends however much it is used. A week without use ends it too. */
  expiresAt!: Date;
  /** Whether it may ask questions in SQL of its own. */
  sql!: boolean;
  /** Version of the gateway. */
  version!: string;
}

/** What an admin changes about the own session. */
@StrictInput()
export class ChangeSessionDto {
  @ApiProperty({ type: String, nullable: true, description: 'The key to act for under /mj; null: none.', example: '7' })
  @Nullable()
  @Id()
  keyId!: string | null;
}

/** A session as admins see it. */
export class ListedSessionDto {
  id!: string;
  role!: 'admin' | 'client';
  keyId!: string | null;
  keyName!: string | null;
  /** Where it was signed in from. */
  address!: string;
  /** The browser, by its own words. */
  userAgent!: string;
  createdAt!: Date;
  /** To about ten minutes. */
  lastUsedAt!: Date;
  /** When it ends, or has ended: by its age, for want of use, or because it was revoked. */
  endsAt!: Date;
  revokedAt!: Date | null;
  /** Whether it is the one that asks. */
  isCurrent!: boolean;
}

/** A page of sessions. */
export class SessionPageDto {
  items!: ListedSessionDto[];
  /** Asks for the page after this one; null: there is none. */
  nextCursor!: string | null;
}

/** Which sessions are listed. */
@StrictInput()
export class SessionQuery extends ListQuery {}

/** What a link that signs somebody in is made for. */
@StrictInput()
export class CreateTicketDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'The key that the admin acts for under /mj.',
    example: '7',
  })
  @Nullable()
  @Id()
  keyId?: string | null;
}

/** A link that signs one person in as admin, once. */
export class TicketDto {
  /** @example 'https://mj.example/studio#ticket=jst_…' */
  url!: string;
  expiresAt!: Date;
}
