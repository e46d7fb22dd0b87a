import type { EntityTarget, ObjectLiteral } from 'typeorm';
import { getMetadataArgsStorage } from 'typeorm';
import { snakeCase } from './snake-naming.js';

/**
 * Makes entities of raw rows (`select t.*`), so that statements written in SQL and TypeORM share one class.
 * @throws Error when the class is no entity
 */
export function rowReader<T extends ObjectLiteral>(entity: EntityTarget<T> & (new () => T)): (row: object) => T {
  const columns = columnMap(entity);
  if (columns.length === 0) throw new Error(`${entity.name} is not an entity`);
  return (row) => {
    const made = new entity() as Record<string, unknown>;
    const raw = row as Record<string, unknown>;
    for (const { property, name } of columns) made[property] = raw[name];
    return made as T;
  };
}

/** The row of an entity as JSON keys, for `jsonb_populate_recordset`: every column, in the database's names. */
export function rowWriter<T extends ObjectLiteral>(
  entity: EntityTarget<T> & (new () => T),
): (made: T) => Record<string, unknown> {
  const columns = columnMap(entity);
  return (made) => Object.fromEntries(columns.map(({ property, name }) => [name, made[property] as unknown]));
}

/** The column names of an entity, in the order they are declared. */
export function columnsOf<T extends ObjectLiteral>(entity: EntityTarget<T> & (new () => T)): string[] {
  return columnMap(entity).map(({ name }) => name);
}

/** Each column's property and its name in the database, in the order they are declared. */
function columnMap(entity: new () => ObjectLiteral): { property: string; name: string }[] {
  return getMetadataArgsStorage()
    .filterColumns(entity)
    .map(({ propertyName, options }) => ({ property: propertyName, name: options.name ?? snakeCase(propertyName) }));
}
