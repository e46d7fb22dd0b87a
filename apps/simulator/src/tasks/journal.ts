import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TaskRecord } from './task-record.js';
import { type WorkRecord } from './work-record.js';

/** What is kept at a start: the newest tasks, none older than a day. */
export const KEEP_TASKS = 10_000;
export const KEEP_MS = 24 * 60 * 60 * 1_000;

/**
 * The tasks on disk: JSON lines, one whole record a line, the last line of an id counts. Appends that come together
 * are written together. The file is opened anew for each write, so that another process' compaction loses none.
 */
export class Journal<T extends WorkRecord = TaskRecord> {
  private readonly file: string;
  private pending: { line: string; settle: (error?: unknown) => void }[] = [];
  private writing: Promise<void> | null = null;

  constructor(private readonly folder: string) {
    this.file = join(folder, 'tasks.jsonl');
  }

  /** Reads the tasks, oldest first, and rewrites the file without what is too old. A torn last line is left out. */
  async open(now: Date): Promise<T[]> {
    await mkdir(this.folder, { recursive: true });
    const text = await readFile(this.file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    const tasks = new Map<string, T>();
    for (const line of text.split('\n')) {
      const task = parseLine<T>(line);
      if (task !== null) tasks.set(task.id, task);
    }
    const kept = [...tasks.values()].filter((task) => task.submitTime > now.getTime() - KEEP_MS).slice(-KEEP_TASKS);
    const fresh = `${this.file}.new`;
    await writeFile(fresh, kept.map((task) => `${JSON.stringify(task)}\n`).join(''));
    await rename(fresh, this.file);
    return kept;
  }

  /** Resolves when the record has been handed to the operating system. */
  append(task: T): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      this.pending.push({
        line: `${JSON.stringify(task)}\n`,
        settle: (error) =>
          error === undefined ? resolve() : reject(error instanceof Error ? error : new Error('journal')),
      });
    });
    this.writing ??= this.drain();
    return written;
  }

  /** Resolves when all that was appended is written. */
  async close(): Promise<void> {
    await this.writing;
  }

  private async drain(): Promise<void> {
    while (this.pending.length > 0) {
      const batch = this.pending;
      this.pending = [];
      const lines = batch.map(({ line }) => line).join('');
      const error: unknown = await appendFile(this.file, lines).then(
        () => undefined,
        (reason: unknown) => reason ?? new Error('journal'),
      );
      for (const { settle } of batch) settle(error);
    }
    // Here and not in a later step: an append in between would wait for a writer that is gone.
    this.writing = null;
  }
}

function parseLine<T extends WorkRecord>(line: string): T | null {
  if (line === '') return null;
  try {
    const task = JSON.parse(line) as T;
    return typeof task.id === 'string' && typeof task.submitTime === 'number' ? task : null;
  } catch {
    return null;
  }
}
