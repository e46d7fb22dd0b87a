/**
 * How well a fact about an upstream is known. A: its own contract was read in full · B: its pages in part, and independent
 * clients agree · C: clients only · G: a guess.
 */
export type EvidenceGrade = 'A' | 'B' | 'C' | 'G';

/** Something that an adapter, or what stands on it, takes for true of an upstream, and that a real one may contradict. */
export interface Assumption {
  /** Unique within its kind, in lower case with hyphens. */
  id: string;
  /** What is expected of the upstream, as a sentence. */
  expects: string;
  /** What is done about it, or becomes of tasks, where it is not so. */
  otherwise: string;
  grade: EvidenceGrade;
  source: string;
  /**
   * When `npm run try-upstream` tries it: always, only with `--video`, `--mask` or a `--callback-url`, or never, because it
   * takes a person to judge.
   */
  tried: 'always' | 'video' | 'mask' | 'callback' | 'never';
}

/** What every kind is tried for. */
export function usualAssumptions(grade: EvidenceGrade, source: string): Assumption[] {
  return [
    {
      id: 'wrong-secret',
      expects: 'A read with a wrong secret is declined as unauthorized.',
      otherwise: 'a wrong secret shows at the first submit only',
      grade,
      source,
      tried: 'always',
    },
    {
      id: 'wrong-id',
      expects: 'A read of a task that does not exist says that it does not, and is no fault of the upstream.',
      otherwise: 'tasks that the upstream forgot are asked about until their time is over',
      grade,
      source,
      tried: 'always',
    },
    {
      id: 'known-statuses',
      expects: 'While a task runs it shows only statuses that the adapter knows.',
      otherwise: 'a status that is not known is read as "goes on"',
      grade,
      source,
      tried: 'always',
    },
    {
      id: 'four-pictures',
      expects: 'An imagine ends with four pictures, or one picture of all.',
      otherwise: 'places of pictures are taken as they come',
      grade,
      source,
      tried: 'always',
    },
    {
      id: 'same-body-twice',
      expects: 'The same body sent twice within seconds makes two tasks.',
      otherwise: 'the second task of a client is told that its work exists, and follows the first',
      grade: 'G',
      source: 'no page of any vendor says it',
      tried: 'always',
    },
  ];
}
