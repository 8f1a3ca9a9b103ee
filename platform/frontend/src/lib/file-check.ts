/** What can be said about a chosen file before it is sent. The server decides; this only saves a trip. */
import { language, plural, t } from "./i18n.ts";

export interface FileFacts {
  readonly name: string;
  readonly size: number;
}

export interface FileRules {
  /** The `accept` attribute: ".mid,.midi,audio/midi". */
  readonly accept: string;
  readonly maxBytes: number | null;
}

export interface FileVerdict {
  readonly blocks: boolean;
  readonly message: string;
}

const KIB = 1024;

/** "812 bytes", "14 KB", "1.4 MB". */
export function formatSize(bytes: number): string {
  if (bytes < KIB) return plural("{count} byte", "{count} bytes", bytes);
  if (bytes < KIB * KIB) return `${Math.round(bytes / KIB)} KB`;
  const format = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return `${(bytes / KIB / KIB).toLocaleString(language(), format)} MB`;
}

function extensionsOf(accept: string): string[] {
  const parts = accept.split(",").map((part) => part.trim().toLowerCase());
  return parts.filter((part) => part.startsWith("."));
}

/** Null when nothing speaks against sending the file. */
export function checkFile(file: FileFacts, rules: FileRules): FileVerdict | null {
  if (file.size === 0) {
    return { blocks: true, message: t("This file is empty. Choose another one.") };
  }
  if (rules.maxBytes !== null && file.size > rules.maxBytes) {
    const limit = formatSize(rules.maxBytes);
    const size = formatSize(file.size);
    return {
      blocks: true,
      message: t("Too large: the limit is {limit}; this file has {size}.", { limit, size }),
    };
  }
  const extensions = extensionsOf(rules.accept);
  const name = file.name.toLowerCase();
  if (extensions.length > 0 && !extensions.some((extension) => name.endsWith(extension))) {
    const wanted = extensions.join(t(" or "));
    return {
      blocks: false,
      message: t("The name does not end in {wanted}. Is this the right file?", { wanted }),
    };
  }
  return null;
}

/** What speaks against sending many files at once; what is wrong with one of them is told later. */
export function checkFiles(files: readonly FileFacts[], rules: FileRules): FileVerdict | null {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (rules.maxBytes === null || size <= rules.maxBytes) return null;
  const message = t("Too large together: the limit is {limit}; these files have {size}.", {
    limit: formatSize(rules.maxBytes),
    size: formatSize(size),
  });
  return { blocks: true, message };
}
