/**
 * Real faces through the built kiosk in a real Chromium, by the fake camera: some people are enrolled from neutral
 * pictures, come back smiling, and strangers come too. The pictures exist only in a temporary folder, which is removed.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preview } from 'vite';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { enrol, expectPhase, type FakeCamera, KioskMachine, kioskRoot } from '../helpers/kiosk.ts';
import { type LondonPerson, unpackLondon } from './london.ts';

/** Limits. */
const PLAN = {
  enrolled: 20,
  strangers: 20,
  /** of the enrolled, fewest who are greeted by their own name */
  minRight: 18,
  /** most who are greeted by another's name */
  maxWrong: 0,
  /** of the strangers, most who are greeted at all */
  maxStrangersGreeted: 1,
} as const;

type Outcome = { readonly kind: 'greeted'; readonly name: string } | { readonly kind: 'unknown' };

const before = (file: string): FakeCamera => ({
  kind: 'clip',
  scenes: [{ seconds: 4.8, pictures: [{ file }] }],
});

const nameOf = ({ id }: LondonPerson): string => `Person ${id}`;

async function enrolPerson(machine: KioskMachine, person: LondonPerson): Promise<boolean> {
  const { page } = await machine.open({ camera: before(person.neutral), path: '#/staff/enrol' });
  return enrol(page, nameOf(person)).then(
    () => true,
    async () => {
      const root = page.getByTestId(TEST_IDS.enrolment);
      const [phase, hint] = [await root.getAttribute('data-phase'), await root.getAttribute('data-hint')];
      say(`  ${nameOf(person)} was not enrolled: ${phase}${hint ? `, ${hint}` : ''}`);
      return false;
    },
  );
}

async function visit(machine: KioskMachine, picture: string): Promise<Outcome> {
  const { page } = await machine.open({ camera: before(picture) });
  await expectPhase(page, /greeted|page|unknown|out-of-order/);
  const phase = await kioskRoot(page).getAttribute('data-phase');
  if (phase === 'out-of-order')
    throw new Error(`The kiosk is out of order: ${await kioskRoot(page).getAttribute('data-reason')}.`);
  if (phase !== 'greeted' && phase !== 'page') return { kind: 'unknown' };
  return { kind: 'greeted', name: (await page.getByTestId(TEST_IDS.greetingName).textContent()) ?? '' };
}

const say = (line: string) => process.stdout.write(`${line}\n`);

async function verify(people: readonly LondonPerson[], machine: KioskMachine): Promise<boolean> {
  const enrolled = people.slice(0, PLAN.enrolled);
  const strangers = people.slice(PLAN.enrolled, PLAN.enrolled + PLAN.strangers);
  let stored = 0;
  for (const [i, person] of enrolled.entries()) {
    stored += Number(await enrolPerson(machine, person));
    say(`enrolled ${stored} of ${i + 1}`);
  }
  const tally = { right: 0, wrong: 0, unknown: 0, strangersGreeted: 0 };
  for (const [i, person] of enrolled.entries()) {
    const outcome = await visit(machine, person.smiling);
    if (outcome.kind === 'unknown') tally.unknown++;
    else if (outcome.name.includes(nameOf(person))) tally.right++;
    else tally.wrong++;
    say(
      `smiling ${i + 1}/${enrolled.length}: right ${tally.right}, wrong ${tally.wrong}, unknown ${tally.unknown}`,
    );
  }
  for (const [i, person] of strangers.entries()) {
    tally.strangersGreeted += Number((await visit(machine, person.neutral)).kind === 'greeted');
    say(`strangers ${i + 1}/${strangers.length}: greeted ${tally.strangersGreeted}`);
  }
  say('');
  say(`${stored} of ${enrolled.length} enrolled from neutral pictures`);
  say(
    `smiling: ${tally.right} greeted by their name, ${tally.wrong} by another's, ${tally.unknown} not known`,
  );
  say(`strangers: ${tally.strangersGreeted} of ${strangers.length} greeted`);
  return (
    tally.right >= PLAN.minRight &&
    tally.wrong <= PLAN.maxWrong &&
    tally.strangersGreeted <= PLAN.maxStrangersGreeted
  );
}

const folder = mkdtempSync(join(tmpdir(), 'verify-real-'));
mkdirSync(join(folder, 'kiosk'));
const cleanUp = () => rmSync(folder, { recursive: true, force: true });
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    cleanUp();
    process.exit(1);
  });
const server = await preview({ logLevel: 'warn', preview: { port: 4189 } });
// The disk holds the clips too: it goes with the folder, however this ends.
const machine = new KioskMachine(server.resolvedUrls!.local[0]!, join(folder, 'kiosk'));
try {
  const passed = await verify(await unpackLondon(process.argv[2]!, join(folder, 'pictures')), machine);
  say(passed ? 'PASSED' : 'FAILED: see the limits in test/real/verify.ts');
  process.exitCode = passed ? 0 : 1;
} finally {
  await machine.dispose();
  await server.close();
  cleanUp();
}
