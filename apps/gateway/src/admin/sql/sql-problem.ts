import { Problem, wrongFields } from '../../http/errors/problem.js';
import { SqlBusyError, SqlFault } from '../../reports/sql/sql-fault.js';
import { SqlLoginError } from '../../reports/sql/sql-login.js';

const RETRY_AFTER = 2;

/**
 * Waits for an answer, and makes a problem of what the reader can do something about. What it says of a query is about their own
 * text; nothing is said of connections.
 * @param field of the request that a fault of the query is about
 */
export async function toldOf<T>(field: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SqlFault) {
      const position = error.position === null ? {} : { position: error.position };
      throw wrongFields([{ field, message: error.message, ...position }]);
    }
    if (error instanceof SqlBusyError) {
      throw new Problem('too_many_requests', 'Too many queries at once; wait for one to end', {
        retryAfter: RETRY_AFTER,
      });
    }
    if (error instanceof SqlLoginError) throw new Problem('state_forbids', `No free SQL here: ${error.message}`);
    throw error;
  }
}
