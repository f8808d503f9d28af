/** What turns the text after it around (UAX #9): `<U+202E>gpj.exe` reads as `exe.jpg`, and so does the rest of a row. */
const turningMark = /[\u202A-\u202E\u2066-\u2069]/;

/** Whether a text has a mark by which it, or what stands behind it, reads as another one. */
export const turnsText = (text: string): boolean => turningMark.test(text);

export const turnedText = 'must not contain characters that change the writing direction';
