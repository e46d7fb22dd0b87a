import { randomInt, randomUUID } from 'node:crypto';

/** Sixteen digits: epoch ms and three by chance; `taken` ids are avoided. */
export function newTaskId(now: number, taken: (id: string) => boolean): string {
  for (let at = now; ; at += 1) {
    for (let attempt = 0; attempt < 50; attempt += 1) {
      const id = `${at}${String(randomInt(1_000)).padStart(3, '0')}`;
      if (!taken(id)) return id;
    }
  }
}

/** A number in a Discord snowflake's form: nineteen digits. */
export const newNonce = (): string =>
  `13${String(randomInt(100_000_000)).padStart(8, '0')}${String(randomInt(1_000_000_000)).padStart(9, '0')}`;

export const newJobId = (): string => randomUUID();
export const newSeed = (): number => randomInt(4_294_967_296);
