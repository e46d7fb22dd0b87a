import { DatabaseUnavailableError } from './database-error.js';
import { logFailure } from './log-failure.js';

describe('logFailure', () => {
  const said = (error: unknown): string[] => {
    const lines: string[] = [];
    const at = (level: string) => (line: unknown) => void lines.push(`${level} ${String(line)}`);
    logFailure({ warn: at('warn'), debug: at('debug') }, 'keys could not be read', error);
    return lines;
  };

  it("warns of what is nobody else's to tell", () => {
    expect(said(new Error('no such column'))).toEqual(['warn keys could not be read: no such column']);
    expect(said('odd')).toEqual(['warn keys could not be read: odd']);
  });

  it('leaves an outage to Database', () => {
    expect(said(new DatabaseUnavailableError(new Error('gone')))).toEqual([
      'debug keys could not be read: the database is not available',
    ]);
  });
});
