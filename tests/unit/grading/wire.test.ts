import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanError, cutToBytes, stripControls } from '#shared/domain/grading/learner-error.ts';
import {
  encodeFrame,
  FrameReader,
  mostFrameBytes,
  readReport,
  readRunnerMessage,
} from '#shared/domain/grading/wire.ts';

describe('frames', () => {
  it('arrive whole, however the pipe cuts them', () => {
    const text = fc.string({ unit: 'binary', maxLength: 50 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), fc.array(fc.nat(40), { minLength: 1 }), (texts, cuts) => {
        const messages = texts.map((text) => ({
          type: 'output' as const,
          test: 0,
          stream: 'stdout' as const,
          text,
        }));
        const bytes = Buffer.concat(messages.map(encodeFrame));
        const reader = new FrameReader();
        const received: unknown[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = 1 + (cuts[turn % cuts.length] ?? 0);
          received.push(...reader.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(received).toEqual(messages);
      }),
      { numRuns: 30 },
    );
  });

  it('too long to be ours are refused before they are read', () => {
    const header = new Uint8Array(4);
    new DataView(header.buffer).setUint32(0, mostFrameBytes + 1);
    expect(() => new FrameReader().push(header)).toThrow(RangeError);
  });
});

describe('what a runner says', () => {
  it('is a message or nothing', () => {
    expect(readRunnerMessage({ type: 'beat', rss_mb: -1 })).toEqual({ type: 'beat', rss_mb: 0 });
    expect(readRunnerMessage({ type: 'done', recycle: 'no' })).toEqual({ type: 'done', recycle: true });
    expect(readRunnerMessage({ type: 'output', test: 0, stream: 'stdin', text: '' })).toBeUndefined();
    expect(readRunnerMessage({ type: 'result', test: -1, report: { outcome: 'ok' } })).toBeUndefined();
    for (const other of [null, 1, 'ready', [], {}, { type: 'pass' }])
      expect(readRunnerMessage(other)).toBeUndefined();
  });

  it('cannot be a verdict of ours', () => {
    for (const outcome of ['internal', 'skipped', 'pass', 'wrong_answer', undefined])
      expect(readReport({ outcome })).toBeUndefined();
  });

  it('has numbers that are amounts', () => {
    const report = readReport({ outcome: 'ok', cpu_ms: -5, memory_kb: 'x', error: { type: 1 } });
    expect(report).toEqual({ outcome: 'ok', cpu_ms: 0, memory_kb: 0 });
  });
});

describe('a learner’s error', () => {
  it('has no terminal escapes', () => {
    const csi = String.fromCharCode(0x9b);
    const text = `\u001b[31mred\u001b[0m \u001b]0;title\u0007${csi}5m\u001b(B\tx\r\ny\u0000\u0008`;
    expect(stripControls(text)).toBe('red \tx\ny');
  });
  it('is at most 4 KB and splits no character', () => {
    const { message } = cleanError({ type: 'E', message: '€'.repeat(10_000), line: 1, column: null });
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4096);
    expect(message).toBe('€'.repeat(1365));
    expect(cutToBytes('aé', 2)).toBe('a');
  });
});
