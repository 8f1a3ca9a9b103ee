/** Drafts in the browser's own database: what survives a reload, a crash and a day offline. */

export interface Draft {
  /** The composition's id, or `new:` and a random id before the site knows it. */
  readonly key: string;
  readonly composition: string | null;
  readonly title: string;
  /** The version on the site that the draft began from; null before the site knows it. */
  readonly version: number | null;
  /** The project as `song/serial.ts` writes it. */
  readonly project: unknown;
  /** Whether it holds something that the site does not have. */
  readonly dirty: boolean;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

const DATABASE = "counterpoint";
const STORE = "drafts";
const KEPT = 30;

/** Keeps drafts; without IndexedDB (private windows of some browsers) nothing is kept. */
export class Drafts {
  #opening: Promise<IDBDatabase> | null = null;
  #database: IDBDatabase | null = null;

  async get(key: string): Promise<Draft | null> {
    const found = await this.#run("readonly", (store) => store.get(key));
    return (found as Draft | undefined) ?? null;
  }

  /** All drafts, the last one first. */
  async all(): Promise<Draft[]> {
    const found = (await this.#run("readonly", (store) => store.getAll())) as Draft[];
    return found.sort((a, b) => b.savedAt - a.savedAt);
  }

  /** Keep a draft. Once the database was used, what is put while a page goes is kept as well. */
  async put(draft: Draft): Promise<void> {
    await this.#run("readwrite", (store) => store.put(draft));
  }

  async remove(key: string): Promise<void> {
    await this.#run("readwrite", (store) => store.delete(key));
  }

  /** Forget the oldest drafts that the site has anyway. */
  async tidy(): Promise<void> {
    const saved = (await this.all()).filter((draft) => !draft.dirty);
    for (const draft of saved.slice(KEPT)) await this.remove(draft.key);
  }

  async #run(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest,
  ): Promise<unknown> {
    // Without a wait where there is none to be: a page that goes does not come to what is after it.
    const database = this.#database ?? (await this.#open());
    const transaction = database.transaction(STORE, mode, { durability: "relaxed" });
    const request = ask(transaction.objectStore(STORE));
    // Said now, since a page that goes does not live to hear that the request was done.
    if (mode === "readwrite") transaction.commit?.();
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }

  async #open(): Promise<IDBDatabase> {
    this.#opening ??= open();
    this.#database = await this.#opening;
    return this.#database;
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
