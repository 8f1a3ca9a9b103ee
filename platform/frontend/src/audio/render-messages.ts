/** What a page and its rendering worker say to each other. */
export interface RenderRequest {
  readonly midi: Uint8Array<ArrayBuffer>;
  /** The folder of sound fonts: a worker sees no page to find it on. */
  readonly soundfonts: string;
}

export type RenderAnswer =
  | { readonly kind: "progress"; readonly share: number }
  | { readonly kind: "done"; readonly wav: Uint8Array<ArrayBuffer> }
  | { readonly kind: "failed"; readonly message: string };
