import { DefaultNamingStrategy } from 'typeorm';

/** `apiKeyId` → `api_key_id`: the columns are written for people who ask in SQL. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** Lets TypeORM find the snake_case columns of camelCase properties. */
export class SnakeNamingStrategy extends DefaultNamingStrategy {
  override columnName(propertyName: string, customName: string | undefined, prefixes: string[]): string {
    return customName ?? [...prefixes, snakeCase(propertyName)].join('_');
  }
}
