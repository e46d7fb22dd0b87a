import type { DataSourceOptions } from 'typeorm';
import { Account, ApiKey, AuditEntry, BannedWord, LedgerEntry, Price, ReadCount, SlaTarget } from '#libs/access';
import { Asset, DoomedFile, InputPicture, Store } from '#libs/assets';
import { JobLock, SnakeNamingStrategy } from '#libs/database';
import { HookAttempt, HookDelivery, HookHost, WebhookSecret } from '#libs/hooks';
import { PastSend, Task, TaskInput, TaskEventRow, TaskPoll } from '#libs/tracking';
import { Upstream, UpstreamCall, UpstreamLoad } from '#libs/upstream';
import { StudioSession } from '../studio/session/studio-session.entity.js';
import { StudioTicket } from '../studio/session/studio-ticket.entity.js';
import { MIGRATIONS } from '../migrations/index.js';

/** Time limits of administration: its statements may search many rows, and wait as long for a connection as those of clients. */
const STATEMENT_TIMEOUT_MS = 5_000;
const CONNECT_WAIT_MS = 2_000;

/** Every table, as an entity. */
export const ENTITIES = [
  Account,
  ApiKey,
  Asset,
  AuditEntry,
  BannedWord,
  DoomedFile,
  HookAttempt,
  HookDelivery,
  HookHost,
  InputPicture,
  JobLock,
  LedgerEntry,
  PastSend,
  Price,
  ReadCount,
  SlaTarget,
  Store,
  StudioSession,
  StudioTicket,
  Task,
  TaskInput,
  TaskEventRow,
  TaskPoll,
  Upstream,
  UpstreamCall,
  UpstreamLoad,
  WebhookSecret,
];

/**
 * TypeORM's view of the database. `synchronize` is never on, and a null or undefined in a `where` throws: TypeORM would
 * otherwise leave the condition out and give any row.
 */
export function dataSourceOptions(databaseUrl: string, connections: number): DataSourceOptions {
  return {
    type: 'postgres',
    url: databaseUrl,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'schema_migration',
    namingStrategy: new SnakeNamingStrategy(),
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    installExtensions: false,
    synchronize: false,
    poolSize: connections,
    extra: { statement_timeout: STATEMENT_TIMEOUT_MS, connectionTimeoutMillis: CONNECT_WAIT_MS },
    applicationName: 'journeyman-orm',
  };
}
