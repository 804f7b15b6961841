/** What of an answer its text is read from. */
export interface Readable {
  /** Piece by piece; absent where an answer has only `text`. */
  body?: AsyncIterable<Uint8Array> | null;
  text(): Promise<string>;
}

/** The text of an answer; null: it is longer than so many bytes, and the rest was not waited for. */
export async function textUpTo(answer: Readable, mostBytes: number): Promise<string | null> {
  const { body } = answer;
  if (body === undefined || body === null) {
    const text = await answer.text();
    return Buffer.byteLength(text) > mostBytes ? null : text;
  }
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > mostBytes) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
