import assert from "node:assert/strict";
import { test } from "node:test";
import { checkFile, checkFiles, formatSize } from "../src/lib/file-check.ts";

const RULES = { accept: ".mid,.midi,audio/midi", maxBytes: 1024 * 1024 };

test("sizes are written for people", () => {
  assert.equal(formatSize(1), "1 byte");
  assert.equal(formatSize(812), "812 bytes");
  assert.equal(formatSize(14_400), "14 KB");
  assert.equal(formatSize(1_468_006), "1.4 MB");
});

test("a MIDI file of fair size passes whatever the case of its name", () => {
  assert.equal(checkFile({ name: "Fugue.MID", size: 8000 }, RULES), null);
  assert.equal(checkFile({ name: "fugue.midi", size: 1024 * 1024 }, RULES), null);
});

test("empty and oversized files are held back", () => {
  assert.equal(checkFile({ name: "a.mid", size: 0 }, RULES)?.blocks, true);
  const verdict = checkFile({ name: "a.mid", size: 1024 * 1024 + 1 }, RULES);
  assert.equal(verdict?.blocks, true);
  assert.match(verdict?.message ?? "", /limit is 1\.0 MB/);
});

test("an odd name is only remarked upon: the server reads the bytes", () => {
  const verdict = checkFile({ name: "song.png", size: 10 }, RULES);
  assert.equal(verdict?.blocks, false);
  assert.match(verdict?.message ?? "", /\.mid or \.midi/);
});

test("no rules, no remarks", () => {
  assert.equal(checkFile({ name: "x", size: 9e9 }, { accept: "", maxBytes: null }), null);
});

test("many files are held back only when they are too large together", () => {
  const half = { name: "a.mid", size: 600 * 1024 };
  assert.equal(checkFiles([half, { name: "notes.txt", size: 0 }], RULES), null);
  const verdict = checkFiles([half, half], RULES);
  assert.equal(verdict?.blocks, true);
  assert.match(verdict?.message ?? "", /limit is 1\.0 MB; these files have 1\.2 MB/);
});
