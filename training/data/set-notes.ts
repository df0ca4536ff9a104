import { type FileKind, kindOfFile } from './formats.ts';
import { visible } from './names.ts';

/** A picture that is not in the set, and the reason. */
export interface Skipped {
  readonly path: string;
  readonly why: string;
}

/** What reading a set met beside the pictures that it gave. Nothing is left out that is not told here. */
export class SetNotes {
  /** pictures, and what may be pictures, that are not in the set */
  readonly skipped: Skipped[] = [];
  /** what was understood, for the reader to judge: merged spellings, links, a list's unknown names */
  readonly remarks: string[] = [];
  /** files that are no pictures, by ending */
  readonly others = new Map<string, number>();
  /** files and folders that systems leave behind */
  litter = 0;

  /** @param path as the disk or the archive has it */
  skip(path: string, why: string): void {
    this.skipped.push({ path: visible(path), why });
  }

  /** The same note is printed once. */
  remark(text: string): void {
    if (!this.remarks.includes(text)) this.remarks.push(text);
  }

  /** Takes over what another reader of the set met. */
  add(other: SetNotes): void {
    for (const one of other.skipped) this.skipped.push(one);
    for (const text of other.remarks) this.remark(text);
    for (const [ending, count] of other.others)
      this.others.set(ending, (this.others.get(ending) ?? 0) + count);
    this.litter += other.litter;
  }

  /** Notes a file that cannot be a picture of the set; true where it can. */
  takes(path: string, kind: FileKind = kindOfFile(path)): boolean {
    if (kind.kind === 'picture') return true;
    if (kind.kind === 'unread') this.skip(path, kind.why);
    else this.others.set(kind.ending, (this.others.get(kind.ending) ?? 0) + 1);
    return false;
  }
}

/** A few names of many, for a message. */
export function someOf(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}
