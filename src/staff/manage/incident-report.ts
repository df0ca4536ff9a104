import type { Settings } from '@rounz/core/settings/settings.ts';
import type { Incident, IncidentFacts } from '../../state/staff/incident.ts';
import type { createI18n } from '../../ui/i18n/index.ts';

type Translate = ReturnType<typeof createI18n>['t'];

const TELL = ['people', 'authority', 'how', 'law'] as const;

/** Date and time of this kiosk, with the universal one behind it. */
function moment(iso: string, language: string): string {
  const local = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' });
  return `${local.format(new Date(iso))} (${iso})`;
}

/** The report that a shop hands to its privacy officer: what, when, how many, whom to tell by when. It names no customer. */
export function reportOf(
  incident: Incident,
  { shop, privacy }: Pick<Settings, 'shop' | 'privacy'>,
  t: Translate,
  language: string,
): string {
  const when = { noticed: moment(incident.noticedAt, language), by: moment(incident.tellBy, language) };
  const who = [shop.name, shop.place].filter(Boolean).join(', ') || t('staff.incident.report.unset');
  const contacts = [privacy.operator, privacy.officer, privacy.contact].filter(Boolean).join(' · ');
  return [
    t('staff.incident.report.title'),
    '',
    t('staff.incident.report.shop', { who }),
    t('staff.incident.report.contact', { who: contacts || t('staff.incident.report.unset') }),
    t('staff.incident.report.noticed', when),
    t('staff.incident.report.by', when),
    t('staff.incident.report.number', { count: incident.people }),
    '',
    t('staff.incident.report.what'),
    ...incident.findings.flatMap(({ kind, people, detail }) => [
      `- ${t(`staff.incident.kind.${kind}`)} ${t('staff.incident.report.concerns', { count: people })}`,
      ...(detail ? [`  (${detail})`] : []),
    ]),
    '',
    t('staff.incident.report.items'),
    '',
    t('staff.incident.report.tell'),
    ...TELL.map((line) => `- ${t(`staff.incident.tell.${line}`, when)}`),
    '',
    t('staff.incident.report.advice'),
    '',
  ].join('\r\n');
}

/** A cell that no spreadsheet takes for a formula (OWASP, CSV injection). */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/**
 * The list by name, for staff alone: whom to tell, and how. A spreadsheet's file; damaged records can be named by their id alone.
 */
export function namesOf(
  { people, removed, damaged }: Pick<IncidentFacts, 'people' | 'removed' | 'damaged'>,
  t: Translate,
): string {
  const head = (['name', 'telephone', 'enrolled', 'record'] as const).map((one) =>
    t(`staff.incident.column.${one}`),
  );
  const rows = [
    head,
    ...people.map(({ name, telephone, enrolledAt, id }) => [name, telephone ?? '', enrolledAt, id]),
    ...removed.map(({ name, person }) => [name, '', '', person]),
    ...damaged.map(({ id }) => [t('staff.incident.column.unreadable'), '', '', id]),
  ];
  // With a mark of its encoding, without which a spreadsheet misreads Korean.
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
