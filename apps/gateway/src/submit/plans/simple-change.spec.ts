import { parseSimpleChange } from './simple-change.js';

describe('parseSimpleChange', () => {
  it.each([
    ['6237012345678901 U1', '6237012345678901', { action: 'UPSCALE', index: 1 }],
    ['6237012345678901 u4', '6237012345678901', { action: 'UPSCALE', index: 4 }],
    ['6237012345678901 V2', '6237012345678901', { action: 'VARIATION', index: 2 }],
    ['6237012345678901 r', '6237012345678901', { action: 'REROLL', index: null }],
    ['  6237012345678901 \t R\n', '6237012345678901', { action: 'REROLL', index: null }],
    ['6237012345678901 U24', '6237012345678901', { action: 'UPSCALE', index: 24 }],
    ['nonsense v3', 'nonsense', { action: 'VARIATION', index: 3 }],
  ])('%j', (content, taskId, change) => {
    expect(parseSimpleChange(content)).toEqual({ taskId, change });
  });

  it.each([
    '6237012345678901',
    'U1',
    '6237012345678901U1',
    '6237012345678901 U',
    '6237012345678901 U0',
    '6237012345678901 U05',
    '6237012345678901 U123',
    '6237012345678901 R1',
    '6237012345678901 X1',
    '6237012345678901 U1 now',
    '6237012345678901 1 U1',
  ])('%j is none', (content) => {
    expect(parseSimpleChange(content)).toBeNull();
  });
});
