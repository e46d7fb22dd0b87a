/** A failure whose message is written for the person at the terminal: shown without a stack trace. */
export class QuickstartError extends Error {
  override name = 'QuickstartError';
}

/** The message for a person; undefined for a failure that is a mistake of ours and needs its stack trace. */
export function messageForPerson(error: unknown): string | undefined {
  if (error instanceof QuickstartError) return error.message;
  const { code, path, message } = error as NodeJS.ErrnoException;
  const ofTheSystem = code !== undefined && ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'].includes(code);
  return ofTheSystem && path !== undefined ? `${path} cannot be used: ${message}.` : undefined;
}
