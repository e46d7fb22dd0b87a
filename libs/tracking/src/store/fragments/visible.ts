/** SQL condition of tasks that clients may see: tasks declined before any work are hidden. */
export const VISIBLE = 'not refused';
