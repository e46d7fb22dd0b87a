import { parsePostmasterFile } from './postmaster-file.js';

describe('parsePostmasterFile', () => {
  const lines = ['4242', '/srv/data', '1795000000', '5433', '', '127.0.0.1', '  8650757     65538', 'ready   ', ''];

  it('reads pid, port and whether the server accepts connections', () => {
    expect(parsePostmasterFile(lines.join('\n'))).toEqual({ pid: 4242, port: 5433, ready: true });
    expect(parsePostmasterFile(lines.join('\n').replace('ready   ', 'starting'))).toMatchObject({ ready: false });
  });

  it('reads a file that is still being written', () => {
    expect(parsePostmasterFile('4242\n/srv')).toEqual({ pid: 4242, port: 0, ready: false });
  });

  it.each(['', 'text', '-7\n', '0\n'])('finds no pid in %j', (text) => {
    expect(parsePostmasterFile(text)).toBeUndefined();
  });
});
