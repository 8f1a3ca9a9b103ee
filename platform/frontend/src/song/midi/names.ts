/** Names of tracks, made safe to store and show as the server makes them. */

const MAX_NAME = 80;
const DROPPED = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u;
const SPACE = /[\t\n\v\f\r\u0085\p{Z}]/u;
/** What the decoder makes of bytes that Windows-1252 leaves free. */
const UNASSIGNED = /[\u0080-\u009f]/g;
const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/gu;

/** One line of at most 80 visible characters. Cleaning twice changes nothing. */
export function cleanName(text: string): string {
  const kept = Array.from(text.slice(0, MAX_NAME * 16))
    .slice(0, MAX_NAME * 8)
    .join("");
  const visible = Array.from(kept.normalize("NFC"), (char) => {
    if (isSpace(char)) return " ";
    return DROPPED.test(char) ? "" : char;
  });
  const joined = visible.join("").split(" ").filter(Boolean).join(" ").normalize("NFC");
  return Array.from(joined).slice(0, MAX_NAME).join("").trim();
}

/** A name in an unknown encoding: UTF-8, else Shift JIS, else Windows-1252. */
export function decodeName(raw: Uint8Array): string {
  const utf8 = decoded(raw, "utf-8");
  if (utf8 !== null) return cleanName(utf8);
  const japanese = decoded(raw, "shift_jis");
  if (japanese !== null && (japanese.match(JAPANESE)?.length ?? 0) >= 2) return cleanName(japanese);
  return cleanName(new TextDecoder("windows-1252").decode(raw).replace(UNASSIGNED, "\ufffd"));
}

/** White space as the server counts it, the four separators of ASCII among it. */
function isSpace(char: string): boolean {
  return SPACE.test(char) || (char >= "\u001c" && char <= "\u001f");
}

function decoded(raw: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(raw);
  } catch {
    return null;
  }
}
