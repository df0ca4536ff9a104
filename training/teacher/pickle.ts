/** What a pickle may be made of here. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Value[]
  | Map<Value, Value>
  | Global
  | { readonly made: unknown };

/** A class or function by name. It is only a name: nothing is imported and nothing runs. */
export class Global {
  readonly name: string;

  constructor(module: string, name: string) {
    this.name = `${module}.${name}`;
  }
}

/** What the reader cannot know by itself. */
export interface Hooks {
  /** what a call of that name with these arguments stands for; throws for a name that it does not know */
  call(name: string, args: readonly Value[]): Value;
  /** what a persistent id stands for */
  persistent(id: Value): Value;
}

const MARK = Symbol('mark');
type Item = Value | typeof MARK;

/** Longest integer that is read, bytes. */
const LONGEST_INTEGER = 32;

/** The stack machine of Python's pickletools, whose letters stand in `OPCODES`. */
class Machine {
  private readonly stack: Item[] = [];
  private readonly memo = new Map<number, Item>();
  private readonly bytes: Buffer;
  readonly hooks: Hooks;
  position: number;

  constructor(bytes: Buffer, position: number, hooks: Hooks) {
    this.bytes = bytes;
    this.position = position;
    this.hooks = hooks;
  }

  /** The next `count` bytes. */
  take(count: number): Buffer {
    const from = this.position;
    if (count > this.bytes.length - from) throw new Error(`the file ends within the pickle, at byte ${from}`);
    this.position += count;
    return this.bytes.subarray(from, this.position);
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw new Error(`the file ends within a name, at byte ${this.position}`);
    const text = this.take(end - this.position).toString('utf8');
    this.position++;
    return text;
  }

  push(item: Item): void {
    this.stack.push(item);
  }

  pop(): Value {
    const item = this.stack.pop();
    if (item === undefined || item === MARK) throw new Error(`a value is missing at byte ${this.position}`);
    return item;
  }

  top(): Value {
    const item = this.pop();
    this.stack.push(item);
    return item;
  }

  popToMark(): Value[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw new Error(`a mark is missing at byte ${this.position}`);
    const values = this.stack.splice(mark).slice(1);
    return values as Value[];
  }

  remember(key: number): void {
    this.memo.set(key, this.top());
  }

  recall(key: number): void {
    const item = this.memo.get(key);
    if (item === undefined) throw new Error(`nothing was remembered as ${key} before byte ${this.position}`);
    this.stack.push(item);
  }
}

function setItems(machine: Machine, pairs: readonly Value[]): void {
  const map = machine.top();
  if (!(map instanceof Map)) throw new Error('items are set on something that is no dictionary');
  for (let i = 0; i + 1 < pairs.length; i += 2) map.set(pairs[i]!, pairs[i + 1]!);
}

function integer(bytes: Buffer): bigint {
  if (bytes.length > LONGEST_INTEGER) throw new Error(`an integer of ${bytes.length} bytes`);
  const word = Buffer.from(bytes).reverse().toString('hex');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${word || '0'}`));
}

function call(machine: Machine): void {
  const args = machine.pop();
  const callee = machine.pop();
  if (!(callee instanceof Global) || !Array.isArray(args)) throw new Error('a call of something unnamed');
  machine.push(machine.hooks.call(callee.name, args));
}

/** The opcodes of protocol 2 that state dicts are written with (CPython, Lib/pickletools.py), by their letters. */
const OPCODES: Readonly<Record<string, (machine: Machine) => void>> = {
  '\x80': (m) => {
    const protocol = m.take(1)[0]!;
    if (protocol !== 2) throw new Error(`pickle protocol ${protocol}, not 2`);
  },
  '(': (m) => m.push(MARK),
  N: (m) => m.push(null),
  '\x88': (m) => m.push(true),
  '\x89': (m) => m.push(false),
  K: (m) => m.push(m.take(1)[0]!),
  M: (m) => m.push(m.take(2).readUInt16LE()),
  J: (m) => m.push(m.take(4).readInt32LE()),
  '\x8a': (m) => m.push(integer(m.take(m.take(1)[0]!))),
  X: (m) => m.push(m.take(m.take(4).readUInt32LE()).toString('utf8')),
  ')': (m) => m.push([]),
  '\x85': (m) => m.push([m.pop()]),
  '\x86': (m) => m.push([m.pop(), m.pop()].reverse()),
  '\x87': (m) => m.push([m.pop(), m.pop(), m.pop()].reverse()),
  t: (m) => m.push(m.popToMark()),
  ']': (m) => m.push([]),
  a: (m) => {
    const value = m.pop();
    append(m, [value]);
  },
  e: (m) => append(m, m.popToMark()),
  '}': (m) => m.push(new Map()),
  s: (m) => setItems(m, [m.pop(), m.pop()].reverse()),
  u: (m) => setItems(m, m.popToMark()),
  q: (m) => m.remember(m.take(1)[0]!),
  r: (m) => m.remember(m.take(4).readUInt32LE()),
  h: (m) => m.recall(m.take(1)[0]!),
  j: (m) => m.recall(m.take(4).readUInt32LE()),
  c: (m) => {
    const module = m.line();
    m.push(new Global(module, m.line()));
  },
  R: call,
  Q: (m) => m.push(m.hooks.persistent(m.pop())),
  // An object's attributes (a state dict's `_metadata`), which no weight depends on.
  b: (m) => void m.pop(),
};

function append(machine: Machine, values: readonly Value[]): void {
  const list = machine.top();
  if (!Array.isArray(list)) throw new Error('values are appended to something that is no list');
  list.push(...values);
}

/**
 * Reads one pickle of protocol 2. A reader of our own because it has to stop at the pickle's end, where torch's file goes
 * on, and to refuse all that a state dict has no use for: the packages for this read every protocol and call what
 * a file names.
 *
 * @returns the value and where the pickle ends
 * @throws Error where the file ends early or holds an opcode that is not in the list
 */
export function readPickle(bytes: Buffer, start: number, hooks: Hooks): { value: Value; end: number } {
  const machine = new Machine(bytes, start, hooks);
  for (;;) {
    const code = machine.take(1)[0]!;
    const letter = String.fromCharCode(code);
    if (letter === '.') return { value: machine.pop(), end: machine.position };
    const run = OPCODES[letter];
    if (!run) throw new Error(`the pickle's opcode 0x${code.toString(16)} is not read here`);
    run(machine);
  }
}
