interface PieceReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
  cancel(): Promise<unknown>;
}

/** What of an answer its text is read from. */
export interface TextSource {
  /** Piece by piece; absent where an answer has only `text`. */
  body?: { getReader(): PieceReader } | null;
  text(): Promise<string>;
}

/** The text of an answer; null: it is longer than so many bytes, and the rest was not waited for. */
export async function textUpTo(answer: TextSource, mostBytes: number): Promise<string | null> {
  const { body } = answer;
  if (body === undefined || body === null) {
    const text = await answer.text();
    return Buffer.byteLength(text) > mostBytes ? null : text;
  }
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const reader = body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    bytes += piece.value?.byteLength ?? 0;
    if (bytes > mostBytes) {
      await reader.cancel();
      return null;
    }
    if (piece.value !== undefined) pieces.push(piece.value);
  }
  return Buffer.concat(pieces).toString("utf8");
}
