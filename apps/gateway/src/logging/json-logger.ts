import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import { scrubText } from './scrub-text.js';

/** Fields that never reach a log, at any depth up to three. */
const SECRET_FIELDS = [
  'authorization',
  '["mj-api-secret"]',
  '["idempotency-key"]',
  'secret',
  'key',
  'base64',
  'base64Array',
  'maskBase64',
  'sourceBase64',
  'targetBase64',
  'notifyHook',
  'webhookSecret',
  'prompt',
];
const REDACTED = SECRET_FIELDS.flatMap((field) => {
  const dotted = field.startsWith('[') ? field : `.${field}`;
  return [field, `*${dotted}`, `*.*${dotted}`];
});

type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

export interface LogOptions {
  level: string;
  /** Where lines go; standard output unless given. */
  destination?: DestinationStream;
}

/** Contexts of Nest that are not logged: a hundred lines of modules and routes at each start. */
const WIRING: ReadonlySet<unknown> = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

/** Nest's logger as JSON lines. Secrets are taken out twice: fields by their name, texts by what they look like. */
export class JsonLogger implements LoggerService {
  private readonly pino: Logger;

  constructor({ level, destination }: LogOptions) {
    this.pino = pino(
      {
        level,
        base: undefined,
        timestamp: pino.stdTimeFunctions.isoTime,
        redact: { paths: REDACTED, censor: '[redacted]' },
      },
      destination ?? pino.destination({ fd: 1, sync: true }),
    );
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write(WIRING.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  /** Nest appends the logger's name to every call, and an error's stack before it. */
  private write(level: Level, message: unknown, rest: unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = rest.at(-1);
    const stack = rest.length > 1 ? rest[0] : undefined;
    const given = {
      ...(typeof context === 'string' ? { context } : {}),
      ...(typeof stack === 'string' ? { stack } : {}),
      ...fieldsOf(message),
    };
    this.pino[level](scrubbed(given));
  }
}

/** The message and stack of an error, without its other fields: drivers put rows and addresses there. */
function fieldsOf(message: unknown): Record<string, unknown> {
  if (message instanceof Error) return { msg: message.message, stack: message.stack };
  if (typeof message === 'object' && message !== null) return { ...message };
  return { msg: String(message) };
}

function scrubbed(fields: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') fields[name] = scrubText(value);
    else if (value instanceof Error) fields[name] = scrubText(value.stack ?? value.message);
  }
  return fields;
}
