/** Tasks that were declined before any work are not shown to clients. */
export const VISIBLE = 'not refused';
