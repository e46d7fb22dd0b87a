// The gate runs 7,000 tests, many of several processes, on whatever machine there is. There a test that failed is run once more,
// and its failure is printed either way; on a developer's machine it fails at once.
if (process.env['CI'] === 'true') jest.retryTimes(1, { logErrorsBeforeRetry: true });
