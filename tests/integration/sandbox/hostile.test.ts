import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaints, corpus, tryHonest, tryProgram } from './corpus.ts';
import { openSandbox } from './world.ts';

/** A few of each category; all of them, in both modes, by `npm run test:sandbox`. */
const fast = [
  ...['ok_unicode', 'ok_crlf_source', 'ok_tmpfile', 'no_function', 'indent', 'exit1'],
  ...['inf_loop', 'const_fold', 'bytearray_bomb', 'os_exit0', 'close_fds', 'fork', 'huge_then_exit'],
  ...[
    'invalid_utf8',
    'read_passwd',
    'symlink',
    'fd_leak',
    'environ',
    'socket',
    'js_process',
    'js_proto_pollute',
  ],
  ...['patch_json', 'gc_harvest', 'always_equal', 'float_int', 'deep_nest', 'triple_quote_break'],
  ...[
    'ok_state_of_last_test',
    'ok_asyncio',
    'bogus_close',
    'leave_file',
    'ffi_poison_next',
    'frame_tamper',
    'mount',
  ],
].map((name) => `py/${name}.py`);
const fastScripts = [
  ...[
    'ok_readline',
    'ok_async_fn',
    'await_never_call',
    'exit1',
    'recursion',
    'find_host_refs',
    'ctor_process',
  ],
  ...['json_patch', 'then_patch', 'flood', 'read_file', 'esm_import', 'ok_node_world', 'ok_microtask_order'],
  ...['function_constructors', 'stack_of_host', 'settled_forged', 'env', 'deep_array'],
].map((name) => `js/${name}.js`);
const fastTypeScript = [
  'ok_enum',
  'ok_class_param',
  'import_equals',
  'ok_types',
  'deep_brackets',
  'runtime_line',
].map((name) => `ts/${name}.ts`);
const subset = [...fast, ...fastScripts, ...fastTypeScript];

describe('a hostile program gets a verdict, shows nothing and leaves nothing', () => {
  let sandbox: Awaited<ReturnType<typeof openSandbox>>;
  beforeAll(async () => {
    process.env['CANARY_SECRET'] = 'a-secret-of-the-supervisor';
    sandbox = await openSandbox({ reuse: true });
  });
  afterAll(() => sandbox.close());

  it('each of them is in the corpus', () => {
    expect(subset.filter((file) => !corpus.some((entry) => entry.file === file))).toEqual([]);
  });

  it.each(corpus.filter(({ file }) => subset.includes(file)))('$file', async (entry) => {
    expect(complaints(entry, await tryProgram(sandbox, entry))).toEqual([]);
    expect((await tryHonest(sandbox, entry.language)).verdict).toBe('pass');
  });
});
