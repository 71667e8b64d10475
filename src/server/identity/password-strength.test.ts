import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isGuessable } from './password-strength.ts';

/** Of 12 characters and more; each stands in every guesser's first rules. */
const GUESSED_FIRST = `
password1234 passwordpassword 123456789012 1234567890123 qwertyuiop123 qwertyuiopasdf 1q2w3e4r5t6y qwerty123456 iloveyou1234
abcdefghijkl administrator administrator1 welcome12345 letmein12345 football1234 baseball1234 sunshine1234 princess1234 superman1234
aaaaaaaaaaaa 000000000000 123123123123 112233445566 q1w2e3r4t5y6 asdfghjkl123 zxcvbnm12345 1qaz2wsx3edc 1qazxsw23edc qazwsxedcrfv
!QAZ2wsx#EDC P@ssw0rd1234 Passw0rd!234 Summer2024!! Winter2025!! Hospital2024! Radiology123 changeme1234 isocenter1234 Password123!
trustno1trustno1 mypassword123 thisispassword ILoveYouForever Admin@12345678 987654321098 123qweasdzxc 12345qwert!@ P@55w0rd2025
changemechangeme letmeinplease Passwort1234 Sommer2025!! liverpool1234 manchester123 michael12345 monkey123456 abcabcabcabc
asdfasdfasdf qwertyqwerty 12.12.1985!! December2024 pokemon12345 minecraft123 root12345678 postgrespostgres adminadminadmin
`
  .trim()
  .split(/\s+/);

describe('a password', () => {
  it.each(GUESSED_FIRST)('that is guessed first is found: %s', async (password) => {
    expect(await isGuessable(password)).toBe(true);
  });

  it.each([
    'tube glacier onyx parsley',
    'correct horse battery staple',
    'h7Gk2pQz91xW',
    'lamp-forest-quiet-87',
    'viele bunte Steine im Bach',
    '猫が窓から静かに外を見ている',
  ])('that is not, is taken: %s', async (password) => {
    expect(await isGuessable(password)).toBe(false);
  });

  it('made of the names of its owner is found only if they are told', async () => {
    const own = ['ndlovu.t', 'Thandiwe Ndlovu', 'Groote Schuur'];
    for (const password of ['ThandiweNdlovu1', 'NdlovuGroote99', 'schuur-ndlovu-t']) {
      expect(await isGuessable(password, own)).toBe(true);
      expect(await isGuessable(password)).toBe(false);
    }
  });

  it('that stands in the list of the commonest is found, whatever its length', async () => {
    for (const password of ['mailcreated5240', 'sojdlg123aljg', 'gfhjkmgfhjkm']) expect(await isGuessable(password)).toBe(true);
  });

  it('of random letters and digits is taken', async () => {
    const alphabet = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
    const character = (): string => alphabet[randomInt(alphabet.length)] ?? '';
    for (let round = 0; round < 20; round += 1) expect(await isGuessable(Array.from({ length: 16 }, character).join(''))).toBe(false);
  });

  it('of 256 characters is answered by its beginning', async () => {
    expect(await isGuessable('tube glacier onyx parsley '.repeat(10))).toBe(false);
    expect(await isGuessable('a'.repeat(256))).toBe(true);
  });
});
