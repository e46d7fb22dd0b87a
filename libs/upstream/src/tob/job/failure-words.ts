/** What clients read about a failed job, by the vendor's word for it, in lower case. Account matters have no words. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['reject', 'The picture was rejected by content moderation'],
  ['textreject', 'The prompt was rejected by content moderation'],
  ['badprompt', 'The prompt was rejected by content moderation'],
  ['imagepromptdenied', 'A picture of the prompt was rejected by content moderation'],
  ['invalidparameter', 'The prompt has an invalid parameter'],
  ['invalidimagepromptlink', 'A picture of the prompt could not be fetched'],
  ['duplicateimage', 'The same picture is given twice'],
  ['canceled', 'The job was cancelled'],
  ['cancelled', 'The job was cancelled'],
  ['timeout', 'The job took too long'],
  ['requesttimeout', 'The job took too long'],
  ['maxconcurrentlimited', ''],
  ['creditnotenough', ''],
  ['fail', ''],
  ['error', ''],
]);
/** Words for jobs that run or are done: they are no reason of a failure. */
const ROUTINE = /^(?:created|running|queued|success|执行|已创建|排队|失败$|任务失败$)/i;

/** The vendor's comment on a failed job as clients may read it; "" where it says nothing for them. */
export function failureWords(comment: string): string {
  const word = comment.trim().replace(/\*$/, '');
  return WORDS.get(word.replace(/[\s_]/g, '').toLowerCase()) ?? (ROUTINE.test(word) ? '' : word);
}
