/**
 * Text from outside made safe to print: text of an implementation or a file may contain control characters, terminal
 * escapes or direction marks. They are printed as visible escapes, and long text is cut and its length given.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udfff]/gu;

const escapeOne = (character: string): string => {
  switch (character) {
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    default: {
      const code = character.codePointAt(0) ?? 0;
      return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
    }
  }
};

/** `text` with everything unprintable escaped, on one line, at most `longest` characters of it. */
export const printable = (text: string, longest = Number.POSITIVE_INFINITY): string => {
  const kept = text.length > longest ? text.slice(0, longest) : text;
  const escaped = kept.replace(unprintable, escapeOne);
  return text.length > longest ? `${escaped}… (${text.length} characters)` : escaped;
};
