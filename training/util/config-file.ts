import { existsSync, readFileSync } from 'node:fs';
import { errorMessage } from '@rounz/core/error-message.ts';
import leven from 'leven';
import { z } from 'zod';

/** The part of JSON Schema that zod writes for configurations. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
  readonly items?: Shape;
  readonly const?: unknown;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lays `patch` over `base`, objects key by key, everything else whole. */
export function overlay(base: unknown, patch: unknown): unknown {
  if (!isObject(base) || !isObject(patch)) return patch;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) merged[key] = overlay(base[key], value);
  return merged;
}

/**
 * Reads a file of values that replace some of `base`, and checks the result.
 *
 * @param file JSON in the structure of `base`; absent: nothing is replaced
 * @param own values of the command line, which replace the file's
 * @throws Error that names the file and each key that the schema does not know, with the key that was meant and those allowed;
 * or each value that does not fit
 */
export function readConfig<T>(
  schema: z.ZodType<T>,
  base: unknown,
  file: string | undefined,
  own: unknown = {},
): T {
  const patch = file === undefined ? {} : readJson(file);
  const merged = overlay(overlay(base, patch), own);
  const unknown = unknownKeys(
    patch,
    merged,
    z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape,
  );
  if (unknown.length > 0) throw new Error([`${file} has keys that nothing reads:`, ...unknown].join('\n  '));
  const parsed = schema.safeParse(merged);
  if (parsed.success) return parsed.data;
  throw new Error(`This configuration is not valid:\n${z.prettifyError(parsed.error)}`);
}

function readJson(file: string): Json {
  if (!existsSync(file)) throw new Error(`--config: there is no file ${file}.`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is no JSON: ${errorMessage(error)}.`);
  }
  if (!isObject(value)) throw new Error(`${file} holds no object: it should be { "key": value, ... }.`);
  return value;
}

/** A line for each key of `patch` that `shape` does not know. @param merged the whole, which says what kind a union is of */
export function unknownKeys(
  patch: unknown,
  merged: unknown,
  shape: Shape,
  path: readonly string[] = [],
): string[] {
  if (Array.isArray(patch)) {
    const whole = Array.isArray(merged) ? merged : [];
    return patch.flatMap((one, i) => unknownKeys(one, whole[i], shape.items ?? {}, [...path, String(i)]));
  }
  if (!isObject(patch)) return [];
  const properties = propertiesOf(shape, merged);
  // A record takes any key; a schema without properties says nothing about keys.
  if (!properties) return [];
  const whole = isObject(merged) ? merged : {};
  return Object.entries(patch).flatMap(([key, value]) => {
    const inner = properties[key];
    return inner
      ? unknownKeys(value, whole[key], inner, [...path, key])
      : [describe(key, path, Object.keys(properties))];
  });
}

/** Of a union, the properties of the variant whose constants the value has. */
function propertiesOf(shape: Shape, value: unknown): Shape['properties'] | undefined {
  const variants = shape.oneOf ?? shape.anyOf;
  if (!variants) return shape.properties;
  const whole = isObject(value) ? value : {};
  const fits = ({ properties = {} }: Shape) =>
    Object.entries(properties).every(
      ([key, { const: wanted }]) => wanted === undefined || whole[key] === wanted,
    );
  return (variants.find(fits) ?? variants[0])?.properties;
}

/** Changes after which one word is still taken for another. */
const MOST_CHANGES = 3;

function describe(key: string, path: readonly string[], allowed: readonly string[]): string {
  const nearest = [...allowed].sort((a, b) => leven(a, key) - leven(b, key))[0];
  const meant = nearest !== undefined && leven(nearest, key) <= MOST_CHANGES ? ` Is ${nearest} meant?` : '';
  const where = path.length > 0 ? `in ${path.join('.')}` : 'here';
  return `${[...path, key].join('.')}.${meant} Allowed ${where}: ${allowed.join(', ')}.`;
}
