import { Activity, Database, Images, ListTree, Sparkles, type IconNode } from 'lucide';
import { STUDIO_PATH } from '../api/gateway-url.ts';
import type { Session } from './session.ts';

export type PageName = 'create' | 'gallery' | 'tasks' | 'operation' | 'sql';

/** A page of Studio as the navigation shows it. */
export interface PageEntry {
  name: PageName;
  icon: IconNode;
  isFor: (session: Session) => boolean;
}

const everybody = (): boolean => true;
const admins = ({ role }: Session): boolean => role === 'admin';

export const PAGES: readonly PageEntry[] = [
  { name: 'create', icon: Sparkles, isFor: everybody },
  { name: 'gallery', icon: Images, isFor: everybody },
  { name: 'tasks', icon: ListTree, isFor: admins },
  { name: 'operation', icon: Activity, isFor: admins },
  { name: 'sql', icon: Database, isFor: ({ role, sql }) => role === 'admin' && sql },
];

/** Address of a page. @param rest what follows its name, such as a task's id */
export function pagePath(name: PageName, rest = ''): string {
  return `${STUDIO_PATH}/${name}${rest === '' ? '' : `/${rest}`}`;
}
