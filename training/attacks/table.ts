import type { Axis } from '@rounz/core/liveness/config.ts';
import type { Played } from './play.ts';
import { quantileOf } from './quantile.ts';

/**
 * The challenge's figures, as Markdown: attacks that got through by what was held up and by what was done with it (APCER),
 * visits that failed every try by accessory (BPCER), and the time that the challenge adds to a visit that passed.
 */
export function challengeTable(played: readonly Played[]): string {
  const lines = [
    '| composed | of | passed | first try failed | reasons |',
    '| --- | --- | --- | --- | --- |',
  ];
  for (const [label, group] of groupsOf(played)) lines.push(row(label, group));
  const times = played
    .filter(({ one, outcome }) => one.group === 'visit' && outcome.added !== null)
    .map(({ outcome }) => outcome.added!);
  if (times.length > 0)
    lines.push(
      '',
      `Added to a visit that passed: median ${quantileOf(times, 0.5).toFixed(1)} s, ` +
        `95 % within ${quantileOf(times, 0.95).toFixed(1)} s, longest ${Math.max(...times).toFixed(1)} s.`,
    );
  return [...lines, ...turnLines(played)].join('\n');
}

function groupsOf(played: readonly Played[]): Map<string, Played[]> {
  const groups = new Map<string, Played[]>();
  const add = (label: string, one: Played) => groups.set(label, [...(groups.get(label) ?? []), one]);
  for (const entry of played) {
    const { one } = entry;
    if (one.group === 'visit') add(`visit, ${one.wear}`, entry);
    else if (one.group === 'still') add(`still ${one.medium}`, entry);
    else add(`video, ${one.recording}`, entry);
  }
  for (const entry of played) if (entry.one.group === 'still') add(`still, hand: ${entry.one.move}`, entry);
  for (const entry of played)
    add({ visit: 'all visits', still: 'all stills', video: 'all videos' }[entry.one.group], entry);
  return groups;
}

function row(label: string, group: readonly Played[]): string {
  const passed = group.filter(({ outcome }) => outcome.passed).length;
  const again = group.filter(({ outcome }) => outcome.failures.length > 0).length;
  const reasons = new Map<string, number>();
  for (const { outcome } of group)
    for (const reason of outcome.failures) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const told = [...reasons].sort((a, b) => b[1] - a[1]).map(([reason, count]) => `${reason} ${count}`);
  return `| ${label} | ${group.length} | ${passed} | ${again} | ${told.join(', ')} |`;
}

/** What heads show for each sine of their turn: the numbers from which the limits of `CHALLENGE` are taken. */
function turnLines(played: readonly Played[]): string[] {
  const shown = played.filter(({ one }) => one.group === 'visit').flatMap(({ outcome }) => outcome.turns);
  const lineOf = (label: string, axis: Axis, least: number): string[] => {
    const turned = shown.filter((frame) => frame.axis === axis && frame.turn >= least);
    if (turned.length === 0) return [];
    const ratio = (key: 'offPlane' | 'relief') =>
      turned.map((frame) => frame[key] / Math.sin((frame.turn * Math.PI) / 180));
    const range = (values: number[]) =>
      [0.01, 0.5, 0.99].map((share) => quantileOf(values, share).toFixed(2)).join(', ');
    return [
      '',
      `${label}, ${turned.length} frames; 1 %, median, 99 % for each sine of the turn: off the plane ` +
        `${range(ratio('offPlane'))}; relief ${range(ratio('relief'))}.`,
    ];
  };
  return [...lineOf('Turned heads', 'side', 16), ...lineOf('Nodding heads', 'nod', 6)];
}
