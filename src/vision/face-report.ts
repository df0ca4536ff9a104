import type { Seen } from '@rounz/core/model/embedder.ts';
import type { FaceReport } from './protocol.ts';

/** A report with what the model made of the face: whoever wears something is not to be enrolled so. */
export function withSeen(report: FaceReport, { embedding, worn }: Seen): FaceReport {
  if (!worn) return { ...report, embedding };
  const others = report.enrolmentIssues.filter((issue) => issue !== 'covered');
  const enrolmentIssues = worn.length > 0 ? [...others, 'covered' as const] : report.enrolmentIssues;
  return { ...report, embedding, worn, enrolmentIssues };
}
