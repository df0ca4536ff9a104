import {
  CATALOGUE_FIELDS,
  type CatalogueFrame,
  FILTER_FIELDS,
  FRAME_FIELDS,
} from '@rounz/core/catalogue/catalogue.ts';
import { checkCatalogue, faultLine, placeOf } from '@rounz/core/catalogue/check.ts';
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

/** What a check found; lines begin with the line and the column in the file, both from 1: `41:7 frame 4 (id), price ...`. */
export interface FileCheck {
  /** why the kiosk cannot use the file; empty where it can */
  readonly faults: readonly string[];
  /** what is allowed and may still be a mistake */
  readonly advice: readonly string[];
  readonly frames: number;
}

type Path = readonly (string | number)[];

/** Line and column, from 1, of a place in the text. */
function lineAt(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

/** The place of a value; where it is missing, that of the innermost one around it that is there. */
function offsetOf(tree: Node, path: Path): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = findNodeAtLocation(tree, path.slice(0, depth));
    if (node) return node.offset;
  }
  return tree.offset;
}

/** What to do about a mistake in the notation itself. */
const NOTATION: Readonly<Record<string, string>> = {
  CommaExpected: 'A comma is missing before this place.',
  ColonExpected: 'A colon is missing between a field’s name and its value.',
  PropertyNameExpected: 'A field’s name in double quotes is missing. The last entry has no comma behind it.',
  ValueExpected: 'A value is missing. The last entry has no comma behind it.',
  CloseBraceExpected: 'A closing } is missing.',
  CloseBracketExpected: 'A closing ] is missing.',
  EndOfFileExpected: 'The file should end here. Remove what follows.',
  UnexpectedEndOfString: 'A closing double quote is missing.',
  InvalidSymbol: 'This is no value. Put words into double quotes.',
  InvalidNumberFormat: 'This is no number. Write digits alone.',
  InvalidCommentToken: 'JSON has no comments. Remove it.',
};

function notationFaults(text: string, errors: readonly ParseError[]): string[] {
  return errors.map(({ error, offset }) => {
    const name = printParseErrorCode(error);
    return `${lineAt(text, offset)} ${NOTATION[name] ?? `This is no JSON (${name}). Correct it.`}`;
  });
}

/** Names of fields that the kiosk does not know, with their places. */
function unknownFields(tree: Node, file: unknown): { path: Path; offset: number; line: string }[] {
  const found: { path: Path; offset: number; line: string }[] = [];
  const look = (path: Path, known: readonly string[]) => {
    const node = findNodeAtLocation(tree, [...path]);
    for (const property of node?.type === 'object' ? (node.children ?? []) : []) {
      const key = property.children?.[0];
      if (!key || known.includes(String(key.value))) continue;
      const place = placeOf([...path, String(key.value)], file);
      const line = `${place} is a field that the kiosk does not know and passes over. It knows ${known.join(', ')}.`;
      found.push({ path, offset: key.offset, line });
    }
  };
  look([], CATALOGUE_FIELDS);
  const frames = findNodeAtLocation(tree, ['frames'])?.children ?? [];
  for (const index of frames.keys()) look(['frames', index], FRAME_FIELDS);
  return found;
}

/** What can be better in frames that fit. */
function adviceOn(frames: readonly CatalogueFrame[]): { path: Path; line: string }[] {
  return frames.flatMap((frame, index) => {
    const path = ['frames', index];
    const missing = FILTER_FIELDS.filter((field) => frame[field] === undefined);
    if (missing.length === 0) return [];
    const place = `frame ${index + 1} (${frame.id})`;
    return [{ path, line: `${place} has no ${missing.join(', no ')}: that filter does not find it.` }];
  });
}

/** Pictures that are named and not there. */
function missingPictures(
  frames: readonly CatalogueFrame[],
  beside: readonly string[],
): { path: Path; line: string }[] {
  return frames.flatMap(({ id, picture }, index) =>
    beside.includes(picture)
      ? []
      : [
          {
            path: ['frames', index, 'picture'],
            line: `frame ${index + 1} (${id}), picture is "${picture}", which does not lie beside the catalogue. Put it there.`,
          },
        ],
  );
}

/**
 * Checks the text of a `catalogue.json`: notation, fields, pictures. All faults are told at once, each with its place.
 *
 * @param beside names of the files in its folder
 */
export function checkFile(text: string, beside: readonly string[]): FileCheck {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  if (!tree || errors.length > 0) {
    const faults = notationFaults(text, errors);
    return { faults: faults.length > 0 ? faults : ['1:1 The file is empty.'], advice: [], frames: 0 };
  }
  const file: unknown = JSON.parse(text);
  const told = ({ path, line }: { path: Path; line: string }) =>
    `${lineAt(text, offsetOf(tree, path))} ${line}`;
  const unknown = unknownFields(tree, file).map(({ offset, line }) => `${lineAt(text, offset)} ${line}`);
  const checked = checkCatalogue(file);
  if (!checked.ok) {
    const faults = checked.faults.map((fault) => told({ path: fault.path, line: faultLine(fault) }));
    return { faults, advice: unknown, frames: 0 };
  }
  const { frames } = checked;
  return {
    faults: missingPictures(frames, beside).map(told),
    advice: [...unknown, ...adviceOn(frames).map(told)],
    frames: frames.length,
  };
}
