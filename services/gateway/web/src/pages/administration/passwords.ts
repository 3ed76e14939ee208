/** Passwords that can be read out over the telephone. */

/** Without what looks or sounds alike: 0 O, 1 l I. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 4;
const LENGTH = 4;
/** Numbers from here on would make the first letters of the alphabet likelier. */
const FAIR = 256 - (256 % LETTERS.length);

/** Some 79 bits by chance: `k7fm-2xqa-94hd-uwzp`. `bytes`: as many by chance as are asked for. */
export function madePassword(bytes: (count: number) => Uint8Array = chance): string {
  let letters = "";
  while (letters.length < GROUPS * LENGTH) {
    for (const byte of bytes(GROUPS * LENGTH)) {
      if (byte < FAIR && letters.length < GROUPS * LENGTH) letters += LETTERS.charAt(byte % LETTERS.length);
    }
  }
  return letters.replaceAll(/(.{4})(?=.)/gu, "$1-");
}

function chance(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count));
}
