import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { masked, signatureOf } from './signature.js';

/** What tools really said, but for names and places: of each tool its kinds of error, and texts of each. */
const SAID: Record<string, Record<string, string[]>> = {
  Python: {
    'KeyError #': ["KeyError: 'foo'", 'KeyError: 3'],
    'ModuleNotFoundError No module named #': [
      "ModuleNotFoundError: No module named 'requests'",
      "ModuleNotFoundError: No module named 'yaml.loader'",
    ],
    'ValueError invalid literal for #': [
      "ValueError: invalid literal for int() with base 10: '12x'",
    ],
    'TypeError # missing # required': [
      "TypeError: search() missing 1 required positional argument: 'query'",
      "TypeError: Files.copy() missing 2 required positional arguments: 'source' and 'target'",
    ],
    'TypeError # got an unexpected': [
      "TypeError: search() got an unexpected keyword argument 'limit'",
    ],
    'FileNotFoundError # No such file': [
      "FileNotFoundError: [Errno 2] No such file or directory: '/home/me/app/a.txt'",
    ],
    'ConnectionRefusedError # Connection refused': [
      'ConnectionRefusedError: [Errno 111] Connection refused',
    ],
    'subprocess.CalledProcessError Command # returned non-zero': [
      "subprocess.CalledProcessError: Command '['false']' returned non-zero exit status 1.",
      "subprocess.CalledProcessError: Command '['ls', '--frob']' returned non-zero exit status 2.",
    ],
    "UnicodeDecodeError # codec can't decode": [
      "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    ],
  },
  Node: {
    'Error ENOENT no such file': [
      "Error: ENOENT: no such file or directory, open '/home/me/app/a.txt'",
      "Error: ENOENT: no such file or directory, stat '/home/me/app/nope.mjs'",
    ],
    'Error EISDIR illegal operation on': [
      "Error: EISDIR: illegal operation on a directory, open '/'",
    ],
    'Error connect ECONNREFUSED #': [
      'Error: connect ECONNREFUSED 127.0.0.1:5999',
      'Error: connect ECONNREFUSED ::1:80',
    ],
    'Error getaddrinfo ENOTFOUND #': [
      'Error: getaddrinfo ENOTFOUND nosuch.invalid',
      'Error: getaddrinfo ENOTFOUND db-1.internal',
    ],
    'TypeError Cannot read properties of': [
      "TypeError: Cannot read properties of undefined (reading 'foo')",
    ],
    'SyntaxError Expected property name or': [
      "SyntaxError: Expected property name or '}' in JSON at position 1",
    ],
    'Error # Cannot find package': [
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'nosuch' imported from /home/me/app/a.mjs",
    ],
  },
  npm: {
    'npm error code ENOENT': ['npm error code ENOENT'],
    'npm error code ECONNREFUSED': ['npm error code ECONNREFUSED'],
    'npm error Missing script #': [
      'npm error Missing script: "nosuch"',
      'npm error Missing script: "test:unit"',
    ],
    'npm error request to #': [
      "npm error request to https://packages.example/left-pad failed: cache mode is 'only-if-cached' but no cached response is available.",
    ],
  },
  TypeScript: {
    '# error TS# Type #': [
      "a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.",
      "src/app/b.ts(21,17): error TS2322: Type 'number' is not assignable to type 'string'.",
      "\u001b[96ma.ts\u001b[0m:\u001b[93m1\u001b[0m:\u001b[93m7\u001b[0m - \u001b[91merror\u001b[0m\u001b[90m TS2322: \u001b[0mType 'string' is not assignable to type 'number'.",
    ],
    '# error TS# Argument of': [
      "a.ts(10,3): error TS2345: Argument of type 'number' is not assignable to parameter of type 'string'.",
    ],
    '# error TS# Property #': [
      "a.ts(14,23): error TS2339: Property 'bb' does not exist on type '{ a: number; }'.",
    ],
    '# error TS# Cannot find': [
      "a.ts(5,19): error TS2307: Cannot find module './gone/mod.js' or its corresponding type declarations.",
    ],
    'error TS# Unknown compiler option': ["error TS5023: Unknown compiler option '--nosuch'."],
  },
  ESLint: {
    '# error # is not': [
      "1:23  error  'bar' is not defined  no-undef",
      "1:30  error  'baz' is not defined  no-undef",
    ],
    '# error # is assigned': [
      "2:7   error  'zed' is assigned a value but never used  no-unused-vars",
    ],
    '# error Parsing error Unexpected': ['2:5  error  Parsing error: Unexpected token ;'],
  },
  Jest: {
    'expect # toBe # Object.is': [
      'expect(received).toBe(expected) // Object.is equality\n\nExpected: 2\nReceived: 1',
      'expect(received).toBe(expected) // Object.is equality\n\nExpected: "b"\nReceived: "a"',
    ],
    'expect # toHaveLength # Expected': [
      'expect(received).toHaveLength(expected)\n\nExpected length: 3\nReceived length: 1',
    ],
    'expect # rejects.toThrow # Received': [
      'expect(received).rejects.toThrow()\n\nReceived promise resolved instead of rejected',
    ],
    'Cannot find module # from': ["Cannot find module './nosuch' from 'b.test.js'"],
  },
  GCC: {
    '# error # undeclared #': [
      'b.c:1:24: error: ‘x’ undeclared (first use in this function)',
      'src/d.c:12:57: error: ‘total’ undeclared (first use in this function)',
    ],
    '# error expected # or': ['c.c:2:2: error: expected ‘,’ or ‘;’ before ‘return’'],
    '# error storage size of': ['e.c:1:87: error: storage size of ‘v’ isn’t known'],
    '# fatal error # No': ['a.c:1:10: fatal error: nosuch.h: No such file or directory'],
    '# undefined reference to #': [
      "f.c:(.text+0x5): undefined reference to `bar'",
      "/usr/bin/ld: f.c:(.text+0xa): undefined reference to `baz'",
    ],
    'gcc fatal error no input': ['gcc: fatal error: no input files'],
  },
  Make: {
    'make No rule to make': [
      "make: *** No rule to make target 'nosuch'.  Stop.",
      "make: *** No rule to make target 'bar.o', needed by 'all'.  Stop.",
    ],
    'make # Error #': ['make: *** [Makefile:2: b] Error 3', 'make: *** [<builtin>: b.o] Error 1'],
    'make No targets specified and': [
      'make: *** No targets specified and no makefile found.  Stop.',
    ],
    'Makefile:# missing separator Stop': ['Makefile:8: *** missing separator.  Stop.'],
  },
  CMake: {
    'CMake Error The source directory': [
      'CMake Error: The source directory "/home/me/app/gone" does not exist.',
      'CMake Error: The source directory "/home/me/app" does not appear to contain CMakeLists.txt.',
    ],
    'CMake Error at # By': [
      'CMake Error at CMakeLists.txt:3 (find_package):\n  By not providing "FindNosuch.cmake" in CMAKE_MODULE_PATH this project has',
    ],
    'CMake Error at # Unknown': [
      'CMake Error at CMakeLists.txt:3 (foo):\n  Unknown CMake command "foo".',
      'CMake Error at src/CMakeLists.txt:14 (barbaz):\n  Unknown CMake command "barbaz".',
    ],
  },
  curl: {
    'curl # Failed to connect': [
      "curl: (7) Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server",
      "curl: (7) Failed to connect to 127.0.0.1 port 9999 after 12 ms: Couldn't connect to server",
    ],
    'curl # Could not resolve': ['curl: (6) Could not resolve host: nosuch.invalid'],
    "curl # Couldn't open file": [
      "curl: (37) Couldn't open file /home/me/app/a",
      "curl: (37) Couldn't open file /home/me/app/b.json",
    ],
    'curl # Protocol # not': ['curl: (1) Protocol "foo" not supported or disabled in libcurl'],
  },
  Git: {
    'error pathspec # did not': [
      "error: pathspec 'nosuch' did not match any file(s) known to git",
      "error: pathspec 'other-branch' did not match any file(s) known to git",
    ],
    'fatal pathspec # did not': ["fatal: pathspec 'nosuch.txt' did not match any files"],
    'fatal unable to access #': [
      "fatal: unable to access 'https://nosuch.invalid/a.git/': Could not resolve host: nosuch.invalid",
    ],
    'fatal ambiguous argument # unknown': [
      "fatal: ambiguous argument 'deadbeef': unknown revision or path not in the working tree.",
      "fatal: ambiguous argument 'a..b': unknown revision or path not in the working tree.",
    ],
    'fatal not a git repository': [
      'fatal: not a git repository (or any of the parent directories): .git',
    ],
  },
  Docker: {
    'Cannot connect to the Docker': [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker daemon running?',
    ],
    'docker # requires at least': ["docker: 'docker run' requires at least 1 argument"],
    'unable to prepare context path': [
      'unable to prepare context: path "/home/me/app/gone" not found',
    ],
  },
  PostgreSQL: {
    'relation # does not exist': [
      'ERROR:  relation "nosuch" does not exist',
      'ERROR:  relation "public.other_table" does not exist',
    ],
    'column # does not exist': ['ERROR:  column "foo" does not exist'],
    'column # of relation #': ['ERROR:  column "n" of relation "t" already exists'],
    'duplicate key value violates unique': [
      'ERROR:  duplicate key value violates unique constraint "t_pkey"',
    ],
    'syntax error at or near': [
      'ERROR:  syntax error at or near "selec"',
      'ERROR:  syntax error at or near "where"',
    ],
    'psql error connection to server': [
      'psql: error: connection to server at "127.0.0.1", port 1 failed: Connection refused',
    ],
  },
  Go: {
    'open # no such file': [
      'open /home/me/app/x: no such file or directory',
      'open cfg.yaml: no such file or directory',
    ],
    'strconv.Atoi parsing # invalid syntax': [
      'strconv.Atoi: parsing "abc": invalid syntax',
      'strconv.Atoi: parsing "9x": invalid syntax',
    ],
    'Get # dial tcp #': [
      'Get "http://127.0.0.1:1/a": dial tcp 127.0.0.1:1: connect: connection refused',
    ],
    '# cannot use # as': [
      './main.go:4:26: cannot use "x" (untyped string constant) as int value in variable declaration',
    ],
    '# declared and not used': ['./main.go:4:31: declared and not used: b'],
    'panic runtime error index out': [
      'panic: runtime error: index out of range [5] with length 1\n\ngoroutine 1 [running]:',
    ],
  },
  Rust: {
    'error # cannot find value': ['error[E0425]: cannot find value `q` in this scope'],
    'error # mismatched types': ['error[E0308]: mismatched types'],
    'error # borrow of moved': ['error[E0382]: borrow of moved value: `s`'],
    'error # unresolved import #': [
      'error[E0432]: unresolved import `foo`',
      'error[E0432]: unresolved import `serde`',
    ],
    "error couldn't read # No": [
      "error: couldn't read `nosuch.rs`: No such file or directory (os error 2)",
      "error: couldn't read `other/gone.rs`: No such file or directory (os error 2)",
    ],
    'error could not find #': [
      'error: could not find `Cargo.toml` in `/home/me/app` or any parent directory',
    ],
  },
  Java: {
    '# error cannot find symbol': [
      'A.java:3: error: cannot find symbol',
      'src/main/java/B.java:141: error: cannot find symbol',
    ],
    '# error # expected': ["A.java:3: error: ';' expected"],
    'error file not found #': [
      'error: file not found: Nosuch.java',
      'error: file not found: src/Gone.java',
    ],
    'Exception in thread # java.lang.NullPointerException': [
      'Exception in thread "main" java.lang.NullPointerException: Cannot invoke "Object.toString()" because "<local3>" is null',
    ],
    'Exception in thread # java.lang.ArithmeticException': [
      'Exception in thread "main" java.lang.ArithmeticException: / by zero',
    ],
  },
  'the shell and pip': {
    'cat # No such file': ['cat: /nope: No such file or directory'],
    'mkdir cannot create directory #': [
      'mkdir: cannot create directory ‘/a/b/c’: No such file or directory',
      'mkdir: cannot create directory ‘x’: No such file or directory',
    ],
    'Could not find a version': [
      'ERROR: Could not find a version that satisfies the requirement nosuchpkg (from versions: none)',
    ],
    'Could not open requirements file': [
      "ERROR: Could not open requirements file: [Errno 2] No such file or directory: 'nope.txt'",
    ],
  },
};

const CASES = Object.entries(SAID).flatMap(([tool, kinds]) =>
  Object.entries(kinds).flatMap(([signature, texts]) =>
    texts.map((text) => ({ tool, signature, text })),
  ),
);

/** Pieces of which masking could make a mistake, and words between them. */
const PIECES = [
  ...Array.from(`"'\`‘’“”„«»()[]{}<>/\\.:;,=|@~#-_+*!$^ \n\t0aZfé`),
  ...["b'", '\\"', '->', '/a', 'a/', '.ts', '.ts:', '.com', '.com:1', '1.', '0x', 'a://', 'f()'],
  ...['a.ts(1,', '\u001b[31m', 'deadbee1', 'a1a1a1a1a1a', '#:', '@a/', '😀', '\ud800', '\udc00'],
  ...['2026-01-01T10:00', 'ERROR ', '[ERROR] ', 'x:1\n', '^\n', "don't ", 'Error: ', 'no such '],
  'Traceback (most recent call last):\n a\n',
];
const texts = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 3 })), {
    maxLength: 40,
  })
  .map((pieces) => pieces.join(''));

describe('An error signature', () => {
  it.each(CASES)('of $tool is "$signature" for $text', ({ signature, text }) => {
    expect(signatureOf({ message: text })).toBe(signature);
  });

  it('is the same whether Python shows the way there or not', () => {
    const traceback =
      'Traceback (most recent call last):\n' +
      '  File "/home/me/app/calc.py", line 5, in <module>\n    load(\'foo\')\n' +
      '  File "/home/me/app/calc.py", line 2, in load\n    return {}[name]\n' +
      "           ~~^^^^^^\nKeyError: 'foo'\n";

    expect(signatureOf({ message: traceback })).toBe('KeyError #');
    expect(signatureOf({ error: `Tool failed: ${traceback}` })).toBe('Tool failed KeyError #');
  });

  it.each([
    ['/home/me/app/a.js:1\nx.y.z\n^\n\nReferenceError: x is not defined\n    at Object'],
    ['node:internal/main:12\n  throw err;\n  ^\n\nReferenceError: x is not defined'],
  ])('is the same whether Node shows the line of code or not: %j', (message) => {
    expect(signatureOf({ message })).toBe('ReferenceError x is not defined');
  });

  it.each([
    ['2026-01-01T10:00:00Z ERROR disk is full'],
    ['2026-01-01 10:00:00,123 disk is full'],
    ['[2026/01/01 10:00:00.5+02:00] [ERROR]: disk is full'],
    ['FATAL: disk is full'],
  ])('is the same with and without the head of a log: %j', (message) => {
    expect(signatureOf({ message })).toBe('disk is full');
  });

  it.each([
    ['run 4fa31bc9d failed'],
    ['run 0xFACE failed'],
    ['run 550e8400-e29b-41d4-a716-446655440000 failed'],
    ['run 01ARZ3NDEKTSV4RRFFQ69G5FAV failed'],
    ['run 17 failed'],
    ['run 1.5.0, failed!'],
    ['run 10:00:00 failed'],
    ["run 'it isn't done' failed"],
    ["run b'abc' failed"],
    ['run "say \\"hi\\"" failed'],
    ['run “a b” failed'],
    ['run «a b» failed'],
    ['run [a (b) {c] failed'],
    ['run {"a": {"b": [1, 2]}} failed'],
    ['run <a href="x y"> failed'],
    ['run https://user@example.com:81/x?y=1,2#z failed'],
    ['run me@example.com failed'],
    ['run ~/x failed'],
    ['run ../x/y failed'],
    ['run src/foo.ts:12:3: failed'],
    ['run foo.py failed'],
    ['run C:\\Users\\me\\x failed'],
    ['run \\\\server\\share failed'],
    ['run @scope/package failed'],
  ])('has one slot for what varies: %s', (message) => {
    expect(signatureOf({ message })).toBe('run # failed');
  });

  it.each([
    ['fib4 took 10ms', 'fib# took #ms'],
    ['read/write of odd_count', 'read/write of odd_count'],
    ["don't", "don't"],
    ['a -> b <= c', 'a b c'],
    ['error(s): x', 'error # x'],
    ["KeyError:'foo'", 'KeyError #'],
    ['path=/a/b,code=ENOENT', 'path # code=ENOENT'],
    ['ENOENT:/a/b', 'ENOENT #'],
    ["unclosed 'quote and (bracket", 'unclosed quote and bracket'],
    ['{"error":{"code":429,"message":"Rate limit"}}', 'error code # message Rate'],
    ['400 {"detail": "Not found."}', '# detail Not found'],
  ])('keeps the words of %j', (message, signature) => {
    expect(signatureOf({ message })).toBe(signature);
  });

  it.each([
    [{ error_type: 'KeyError', message: "'foo'", error: 'x' }, 'KeyError #'],
    [{ error_type: 'KeyError', message: "KeyError: 'foo'" }, 'KeyError #'],
    [{ error_type: 'Timeout', message: ' ', error: 'late' }, 'Timeout late'],
    [{ error_type: 504, message: { deep: 'x' }, error: 'no route' }, 'no route'],
    [{ stderr: 'beta', Code: 'alpha', exit: 1, none: '' }, 'alpha beta'],
  ])('is that of what %j says', (errors, signature) => {
    expect(signatureOf(errors)).toBe(signature);
  });

  it.each([
    [null],
    [undefined],
    [{}],
    [{ message: ' ' }],
    [{ error: { deep: 'x' } }],
    [{ a: '—' }],
  ])('is none for %j', (errors) => {
    expect(signatureOf(errors)).toBeNull();
  });

  it('looks at the first 2,000 characters, and at none of them by half', () => {
    expect(signatureOf({ message: `late${' '.repeat(1_996)}unseen` })).toBe('late');
    expect(signatureOf({ message: `late${' '.repeat(1_995)}😀` })).toBe('late');
  });

  it('has at most 200 characters, and none of them by half', () => {
    expect(signatureOf({ message: '𠮷'.repeat(300) })).toBe('𠮷'.repeat(200));
  });

  it('is as it was when it is masked again', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(masked(masked(text))).toBe(masked(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is its own signature', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const signature = signatureOf({ text });
        fc.pre(signature !== null && signature.length < 200);

        expect(signatureOf({ error: signature })).toBe(signature);
      }),
    );
  });

  it('is at most five words and 200 characters of any JSON object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(texts, fc.jsonValue())), (errors) => {
        const signature = signatureOf(errors) ?? 'none';

        expect(signature.split(/\s/).length).toBeLessThanOrEqual(5);
        expect(Array.from(signature).length).toBeLessThanOrEqual(200);
        expect(signature.isWellFormed()).toBe(true);
        expect(signature.trim()).toBe(signature);
        expect(signature).not.toBe('');
      }),
    );
  });

  // What is never closed and what almost is a place or a number invite a regex to try all ways.
  it.each(PIECES)('is found for %j over and over again', (piece) => {
    for (const text of [piece, `${piece}a`, `${piece} `, `(${piece}`, `${piece}x.`]) {
      const long = text.repeat(2_000);
      expect(masked(masked(long.slice(0, 2_000)))).toBe(masked(long.slice(0, 2_000)));
      expect(signatureOf({ message: long })?.length ?? 0).toBeLessThanOrEqual(400);
    }
  });
});
