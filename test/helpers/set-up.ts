import { pbkdf2Sync } from 'node:crypto';

/** The set-up code of the tests' kiosks. */
export const SET_UP_CODE = '271828182845';

const salt = Buffer.from('the salt of tests');
const hash = pbkdf2Sync(SET_UP_CODE, salt, 1, 32, 'sha256');

/** `setup.json` as the server of such a kiosk gives it; one round, so that no test pays for it. */
export const SET_UP_FILE = JSON.stringify({
  format: 1,
  salt: salt.toString('base64'),
  hash: hash.toString('base64'),
  rounds: 1,
});
