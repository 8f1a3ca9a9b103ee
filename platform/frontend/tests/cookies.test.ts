import assert from "node:assert/strict";
import { test } from "node:test";
import { readCookie } from "../src/lib/cookies.ts";

test("finds one cookie among several", () => {
  assert.equal(readCookie("theme=dark; csrftoken=a%3Db; x=1", "csrftoken"), "a=b");
});

test("keeps equals signs inside a value", () => {
  assert.equal(readCookie("k=a=b", "k"), "a=b");
});

test("does not mistake a longer name for the one asked for", () => {
  assert.equal(readCookie("xcsrftoken=1", "csrftoken"), null);
  assert.equal(readCookie("", "csrftoken"), null);
});
