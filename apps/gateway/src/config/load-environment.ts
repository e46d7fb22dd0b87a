import { EnvironmentError, readEnvironment, type Environment } from './environment.js';

/** The process's environment; prints every invalid variable on a line of its own and ends the process when there is one. */
export function loadEnvironment(required?: Parameters<typeof readEnvironment>[1]): Environment {
  try {
    return readEnvironment(process.env, required);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    for (const mistake of error.mistakes) process.stderr.write(`${mistake}\n`);
    process.exit(1);
  }
}
