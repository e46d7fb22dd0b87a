import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { call } from '../../../api/client.ts';
import { ShowSql } from '../../../components/show-sql.tsx';

/** Questions about one task. Their own words stand here until the catalogue is read. */
const QUESTIONS = {
  task: 'select * from report.tasks where task_id = :task;',
  task_timeline: 'select * from report.task_timeline where task_id = :task order by position;',
  task_upstream: "select * from report.task_timeline where task_id = :task and track = 'upstream' order by position;",
  task_hooks: "select * from report.task_timeline where task_id = :task and track = 'hook' order by position;",
  task_ledger: "select * from report.task_timeline where task_id = :task and track = 'ledger' order by position;",
} as const;

interface Catalogue {
  items: { name: string; sql: string }[];
}

const catalogue = signal<Catalogue['items'] | null>(null);
let isAsked = false;

async function readCatalogue(): Promise<void> {
  if (isAsked) return;
  isAsked = true;
  try {
    catalogue.value = (await call<Catalogue>('GET', '/admin/questions')).items;
  } catch {
    isAsked = false;
  }
}

/** "Show SQL" for what is told of a task: a question of the catalogue, asked of this task. */
export function TaskQuestion({ of, name, id }: { of: string; name: keyof typeof QUESTIONS; id: string }): VNode {
  useEffect(() => void readCatalogue(), []);
  const found = catalogue.value?.find((question) => question.name === name);
  const sql = (found?.sql ?? QUESTIONS[name]).replaceAll(':task', id);
  return <ShowSql of={of} sql={sql} {...(found === undefined ? {} : { question: name, parameters: { task: id } })} />;
}
