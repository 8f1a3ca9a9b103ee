/** The thread that unpacks sound fonts, and the questions that are open with it. */

export interface DecodeRequest {
  readonly id: number;
  readonly packed: ArrayBuffer;
}

export type DecodeAnswer =
  | { readonly id: number; readonly bank: ArrayBuffer }
  | { readonly id: number; readonly error: string };

interface Open {
  readonly resolve: (bank: ArrayBuffer) => void;
  readonly reject: (error: Error) => void;
}

export class Decoder {
  #worker: Worker | null = null;
  #nextId = 1;
  readonly #open = new Map<number, Open>();

  /** Return the sound font `packed` (which is given away) with plain samples. */
  decode(packed: ArrayBuffer): Promise<ArrayBuffer> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject });
      this.#running().postMessage({ id, packed } satisfies DecodeRequest, [packed]);
    });
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#failAll("The sounds were put away.");
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL("./decode.worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<DecodeAnswer>) =>
      this.#answer(data),
    );
    worker.addEventListener("error", (event) => {
      this.#worker = null;
      this.#failAll(event.message || "The unpacking of sounds could not be started.");
    });
    this.#worker = worker;
    return worker;
  }

  #answer(answer: DecodeAnswer): void {
    const open = this.#open.get(answer.id);
    this.#open.delete(answer.id);
    if ("bank" in answer) open?.resolve(answer.bank);
    else open?.reject(new Error(answer.error));
  }

  #failAll(reason: string): void {
    for (const { reject } of this.#open.values()) reject(new Error(reason));
    this.#open.clear();
  }
}
