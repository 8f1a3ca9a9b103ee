/** Every word for people has its German; `npm run messages` collects what is missing here. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { collected, read, untranslated, updated, wordsIn } from "../scripts/collect-words.ts";
import { language, plural, t, useCatalog } from "../src/lib/i18n.ts";
import { formatLeft, formatMoment } from "../src/lib/time-text.ts";

const PARTS = ["page", "studio"] as const;
const HOUR = 60 * 60 * 1000;

test("words are found in calls of t, msg and plural", () => {
  const source = `t("One \\"two\\"", { a }); at("no"); msg(\n "Three"); plural("{count} x", "{count} xs", 2)`;

  assert.deepEqual(wordsIn(source), {
    'One "two"': "",
    Three: "",
    "{count} xs": { one: "", other: "" },
  });
});

test("new words come in empty, known ones keep their translation, and what is gone leaves", () => {
  const found = { New: "", Known: "" };

  assert.deepEqual(updated(found, { Known: "Bekannt", Gone: "Fort" }), {
    New: "",
    Known: "Bekannt",
  });
});

for (const part of PARTS) {
  test(`the German catalog of the ${part} holds the words of its source and no others`, () => {
    const wanted = Object.keys(collected()[part]);

    assert.deepEqual(Object.keys(read(part, "de")), wanted);
  });

  test(`every word of the ${part} is translated, with the same places for values`, () => {
    const german = read(part, "de");

    assert.deepEqual(untranslated(german), []);
    for (const [words, translation] of Object.entries(german)) {
      const forms = typeof translation === "string" ? [translation] : Object.values(translation);
      for (const form of forms) assert.deepEqual(places(form), places(words), words);
    }
  });
}

function places(words: string): string[] {
  return [...new Set(words.match(/\{\w+\}/g) ?? [])].sort();
}

test("without a catalog the source is spoken, and with one its language", () => {
  assert.equal(plural("{count} day", "{count} days", 1), "1 day");
  assert.equal(language(), "en");

  useCatalog({ ...read("page", "de"), ...read("studio", "de") }, "de");

  assert.equal(t("Kept: {name}", { name: "a" }), "Kept: a", "unknown words stay English");
  assert.equal(t("Name of track {number}", { number: 3 }), "Name von Spur 3");
  assert.equal(plural("{count} day", "{count} days", 1), "1 Tag");
  assert.equal(plural("{count} day", "{count} days", 0), "0 Tage");
  assert.equal(formatLeft(26 * HOUR), "1 Tag 2 h");
  const moment = new Date("2026-12-01T00:30:00Z");
  assert.equal(formatMoment(moment, "Europe/Berlin"), "Di, 1. Dez 2026, 01:30");
});
