import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Message } from '../util/protobuf.ts';
import { maskedCrc32c } from './crc32c.ts';

/** Field numbers of tensorflow/core/util/event.proto and framework/{summary,tensor,tensor_shape}.proto (TensorFlow 2). */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const;
const SUMMARY = { value: 1 } as const;
const VALUE = { tag: 1, simpleValue: 2, tensor: 8, metadata: 9 } as const;
const METADATA = { pluginData: 1 } as const;
const PLUGIN = { name: 1 } as const;
const TENSOR = { dtype: 1, shape: 2, stringValue: 8 } as const;
const SHAPE = { dimension: 2 } as const;
const DIMENSION = { size: 1 } as const;
const SESSION = { status: 1 } as const;
const DT_STRING = 7;
const SESSION_START = 1;

/** A record of a TFRecord file: length, its checksum, data, their checksum; all little-endian. */
export function tfRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

/**
 * Writes a TensorBoard event file: `tensorboard --logdir <folder>` shows it. Every call is on disk when it returns, so that
 * a killed run loses nothing.
 */
export class EventWriter {
  readonly file: string;
  readonly #descriptor: number;
  readonly #now: () => number;

  /**
   * @param folder made where it is missing; each writer adds a file of its own
   * @param options.resumeAt where a run goes on: what earlier files hold from this step on is void, for the run is about
   *   to repeat it
   * @param options.now seconds since 1970
   */
  constructor(folder: string, options: { resumeAt?: number; now?: () => number } = {}) {
    this.#now = options.now ?? (() => Date.now() / 1000);
    mkdirSync(folder, { recursive: true });
    const { file, descriptor } = openFresh(folder, Math.floor(this.#now()));
    this.file = file;
    this.#descriptor = descriptor;
    this.#write(this.#event(0).string(EVENT.fileVersion, 'brain.Event:2'));
    if (options.resumeAt !== undefined && options.resumeAt > 0) {
      const start = new Message().varint(SESSION.status, SESSION_START);
      this.#write(this.#event(options.resumeAt).message(EVENT.sessionLog, start));
    }
  }

  /** @param step position on the horizontal axis, a whole number of at least 0 */
  scalar(tag: string, step: number, value: number): void {
    this.scalars(step, { [tag]: value });
  }

  /** Several scalars of one step as one record. A value that is no number is left out: TensorBoard draws nothing for it. */
  scalars(step: number, values: Readonly<Record<string, number | undefined>>): void {
    const summary = new Message();
    for (const [tag, value] of Object.entries(values))
      if (value !== undefined && !Number.isNaN(value))
        summary.message(SUMMARY.value, new Message().string(VALUE.tag, tag).float(VALUE.simpleValue, value));
    this.#write(this.#event(step).message(EVENT.summary, summary));
  }

  /** Markdown for the text tab, e.g. the configuration of the run. */
  text(tag: string, step: number, markdown: string): void {
    const plugin = new Message().string(PLUGIN.name, 'text');
    const shape = new Message().message(SHAPE.dimension, new Message().varint(DIMENSION.size, 1));
    const tensor = new Message()
      .varint(TENSOR.dtype, DT_STRING)
      .message(TENSOR.shape, shape)
      .string(TENSOR.stringValue, markdown);
    const value = new Message()
      .string(VALUE.tag, tag)
      .message(VALUE.metadata, new Message().message(METADATA.pluginData, plugin))
      .message(VALUE.tensor, tensor);
    this.#write(this.#event(step).message(EVENT.summary, new Message().message(SUMMARY.value, value)));
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #event(step: number): Message {
    return new Message().double(EVENT.wallTime, this.#now()).varint(EVENT.step, step);
  }

  #write(event: Message): void {
    writeSync(this.#descriptor, tfRecord(event.finish()));
  }
}

/** TensorBoard reads every file with `tfevents` in its name, in the order of the names. */
function openFresh(folder: string, seconds: number): { file: string; descriptor: number } {
  for (let count = 0; ; count++) {
    const file = join(
      folder,
      `events.out.tfevents.${String(seconds).padStart(10, '0')}.${String(count).padStart(3, '0')}`,
    );
    try {
      return { file, descriptor: openSync(file, 'wx') };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
