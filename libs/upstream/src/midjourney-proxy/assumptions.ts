import { usualAssumptions, type Assumption } from '../port/assumption.js';

const SERVERS = 'the open sources of midjourney-proxy servers, and bodies recorded from them';

/** What is taken for true of servers of the /mj wire. What differs between them is learned from their answers besides. */
export const PROXY_ASSUMPTIONS: readonly Assumption[] = [
  ...usualAssumptions('B', SERVERS),
  {
    id: 'state-echo',
    expects: 'A task shows the state of its submit.',
    otherwise: 'a submit whose answer is lost cannot be found, and ends by its age',
    grade: 'B',
    source: SERVERS,
    tried: 'always',
  },
  {
    id: 'recent-list',
    expects: 'The newest tasks are listed, a running one among them.',
    otherwise: 'a submit whose answer is lost cannot be found, and ends by its age',
    grade: 'B',
    source: SERVERS,
    tried: 'always',
  },
  {
    id: 'batch-read',
    expects: 'Many tasks are read in one call.',
    otherwise: 'tasks are read one by one',
    grade: 'B',
    source: SERVERS,
    tried: 'always',
  },
  {
    id: 'picks',
    expects: 'A finished imagine has a button U1, and pressing it ends with one picture.',
    otherwise: 'clients press the buttons that there are',
    grade: 'B',
    source: SERVERS,
    tried: 'always',
  },
];
